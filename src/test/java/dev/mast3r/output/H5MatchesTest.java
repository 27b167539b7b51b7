package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.InputException;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import io.jhdf.HdfFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the files back with jhdf, a reader of HDF5 that is not ours. */
class H5MatchesTest {

  private static final MatchSet TWO =
      new MatchSet(
          List.of(new Correspondence(1, 2, 3, 4.25, 0.5), new Correspondence(5, 6, 7, 8, 0.75)));

  @TempDir Path folder;

  private static byte[] bytes(String imageA, String imageB, MatchSet matches) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    H5Matches.write(out, imageA, imageB, matches);
    return out.toByteArray();
  }

  private HdfFile write(String imageA, String imageB, MatchSet matches) throws IOException {
    return new HdfFile(Files.write(folder.resolve("matches.h5"), bytes(imageA, imageB, matches)));
  }

  @Test
  void hasTheMatchesOfThePairAndTheKeypointsOfBothImages() throws IOException {
    try (HdfFile file = write("a.png", "b.png", TWO)) {
      assertArrayEquals(
          new int[] {0, 1}, (int[]) file.getDatasetByPath("a.png/b.png/matches0").getData());
      assertArrayEquals(
          new float[] {0.75f, 0.5f},
          (float[]) file.getDatasetByPath("a.png/b.png/matching_scores0").getData());
      assertArrayEquals(
          new float[] {0.75f, 0.5f},
          (float[]) file.getDatasetByPath("a.png/b.png/scores").getData());
      float[][] keypointsA = {{5, 6}, {1, 2}};
      float[][] keypointsB = {{7, 8}, {3, 4.25f}};
      for (String path : List.of("a.png/b.png/keypoints0", "a.png/keypoints")) {
        assertArrayEquals(keypointsA, (float[][]) file.getDatasetByPath(path).getData());
      }
      for (String path : List.of("a.png/b.png/keypoints1", "b.png/keypoints")) {
        assertArrayEquals(keypointsB, (float[][]) file.getDatasetByPath(path).getData());
      }
    }
  }

  @Test
  void namesGroupsAsHlocDoes() throws IOException {
    try (HdfFile file = write("/db/\u00e4 1.png", "./query/2.png", TWO)) {
      assertEquals(Set.of("db", "query", "-db-\u00e4 1.png"), file.getChildren().keySet());
      assertArrayEquals(
          new int[] {2, 2},
          file.getDatasetByPath("-db-\u00e4 1.png/.-query-2.png/keypoints0").getDimensions());
      assertArrayEquals(
          new int[] {2, 2}, file.getDatasetByPath("db/\u00e4 1.png/keypoints").getDimensions());
      assertArrayEquals(
          new int[] {2, 2}, file.getDatasetByPath("query/2.png/keypoints").getDimensions());
    }
  }

  @Test
  void writesAPairWithoutMatches() throws IOException {
    try (HdfFile file = write("a.png", "b.png", new MatchSet(List.of()))) {
      assertArrayEquals(
          new int[] {0, 2}, file.getDatasetByPath("a.png/b.png/keypoints0").getDimensions());
      assertArrayEquals(
          new int[] {0}, file.getDatasetByPath("a.png/b.png/matches0").getDimensions());
    }
  }

  @Test
  void keepsTheOrderOfManyMatches() throws IOException {
    List<Correspondence> many = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      many.add(new Correspondence(i, 2 * i, 3 * i, 4 * i, 5000 - i));
    }
    try (HdfFile file = write("a.png", "b.png", new MatchSet(many))) {
      float[][] b = (float[][]) file.getDatasetByPath("b.png/keypoints").getData();
      assertEquals(5000, b.length);
      assertArrayEquals(new float[] {3 * 4321, 4 * 4321}, b[4321]);
    }
  }

  @Test
  void givesTheSameBytesEveryTime() throws IOException {
    assertArrayEquals(bytes("a", "b", TWO), bytes("a", "b", TWO));
  }

  @Test
  void refusesAPairOfOneName() {
    assertEquals(
        "the .h5 layout needs two different image names, found \"a\" twice",
        assertThrows(InputException.class, () -> bytes("a", "a", TWO)).getMessage());
  }
}
