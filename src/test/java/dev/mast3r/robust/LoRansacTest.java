package dev.mast3r.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoRansacTest {

  /** A number fitted to numbers: the mean of the sample. */
  private record Mean(List<Double> data) implements Estimator<Double> {

    @Override
    public int size() {
      return data.size();
    }

    @Override
    public int sampleSize() {
      return 2;
    }

    @Override
    public Optional<Double> fit(List<Integer> indices) {
      return Optional.of(indices.stream().collect(Collectors.averagingDouble(data::get)));
    }

    @Override
    public double error(Double model, int datum) {
      return Math.abs(data.get(datum) - model);
    }
  }

  /** No sample ever settles it. */
  private record Stubborn() implements Estimator<Double> {

    @Override
    public int size() {
      return 5;
    }

    @Override
    public int sampleSize() {
      return 2;
    }

    @Override
    public Optional<Double> fit(List<Integer> data) {
      return Optional.empty();
    }

    @Override
    public double error(Double model, int datum) {
      return 0;
    }
  }

  @Test
  void findsTheModelThatMostDataAgreeWithAndFitsItToAllOfThem() {
    Mean numbers = new Mean(List.of(50.0, 10.0, 10.3, -40.0, 9.8, 10.1, 99.0));

    LoRansac.Consensus<Double> found = new LoRansac<>(numbers, options(0)).search().orElseThrow();

    assertEquals(List.of(1, 2, 4, 5), found.inliers());
    assertEquals((10.0 + 10.3 + 9.8 + 10.1) / 4, found.model(), 1e-12);
  }

  @Test
  void givesTheSameModelForTheSameSeed() {
    Mean numbers =
        new Mean(IntStream.range(0, 100).mapToObj(i -> (double) (i * 37 % 100)).toList());

    assertEquals(
        new LoRansac<>(numbers, options(5)).search(), new LoRansac<>(numbers, options(5)).search());
  }

  @Test
  void findsNothingInTooFewData() {
    assertEquals(Optional.empty(), new LoRansac<>(new Mean(List.of(1.0)), options(0)).search());
  }

  @Test
  void findsNothingIfNoSampleSettlesAModel() {
    assertEquals(Optional.empty(), new LoRansac<>(new Stubborn(), options(0)).search());
  }

  @Test
  void refusesOptionsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new RansacOptions(0, 10, 0.9, 0));
    assertThrows(IllegalArgumentException.class, () -> new RansacOptions(1, 0, 0.9, 0));
    assertThrows(IllegalArgumentException.class, () -> new RansacOptions(1, 10, 1, 0));
  }

  private static RansacOptions options(long seed) {
    return new RansacOptions(1, 1000, 0.999, seed);
  }
}
