package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTeamTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void returnsResultsInTheOrderOfTheInputs(int threads) {
    List<Integer> inputs = IntStream.range(0, 100).boxed().toList();

    try (WorkerTeam team = new WorkerTeam(threads)) {
      assertEquals(
          IntStream.range(0, 100).map(i -> i * i).boxed().toList(), team.map(inputs, i -> i * i));
      assertEquals(List.of(), team.map(List.<Integer>of(), i -> i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFailureReachesTheCaller(int threads) {
    try (WorkerTeam team = new WorkerTeam(threads)) {
      assertThrows(
          RuntimeException.class,
          () ->
              team.map(
                  List.of(3, 2, 1, 0),
                  i -> {
                    if (i < 3) {
                      throw new IllegalArgumentException("refused");
                    }
                    return i;
                  }));
    }
  }
}
