package dev.mast3r.eval;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.geometry.Rigid3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A scene of the Map-free relocalisation data (arXiv 2210.05494): one reference photo and queries
 * whose pose relative to it is asked for.
 *
 * <p>The folder has {@code intrinsics.txt} ({@code frame fx fy cx cy width height}), {@code
 * poses.txt} ({@code frame qw qx qy qz tx ty tz}, camera from world, metres) and the frames, {@code
 * seq0/...} the reference, {@code seq1/...} the queries. Lines with a {@code #} are comments. A
 * quaternion of zeros, as in the test split, is a pose that is not told.
 *
 * @param name the folder's name
 * @param folder where it is
 * @param reference the first frame of seq0
 * @param queries the frames of seq1 by name, at least one
 * @param width of the queries, pixels
 * @param height of the queries, pixels
 */
public record MapFreeScene(
    String name, Path folder, Frame reference, List<Frame> queries, int width, int height) {

  /**
   * A frame of a scene.
   *
   * @param path in the scene's folder, with forward slashes
   * @param intrinsics of the image
   * @param fromWorld the true pose, camera from world, if it is told
   */
  public record Frame(String path, Intrinsics intrinsics, Optional<Rigid3> fromWorld) {}

  private static final String POSES = "poses.txt";
  private static final String INTRINSICS = "intrinsics.txt";
  private static final Pattern SPACES = Pattern.compile("\\s+");

  public MapFreeScene {
    queries = List.copyOf(queries);
  }

  /**
   * Reads all scenes of a folder, ordered by name: its sub-folders that have a {@code poses.txt}.
   *
   * @throws InputException if there is none or one is malformed; the message names file and line
   */
  public static List<MapFreeScene> readAll(Path dataset) {
    try (Stream<Path> folders = Files.list(dataset)) {
      List<MapFreeScene> scenes =
          folders
              .filter(folder -> Files.isRegularFile(folder.resolve(POSES)))
              .sorted(Comparator.comparing(folder -> folder.getFileName().toString()))
              .map(MapFreeScene::read)
              .toList();
      if (scenes.isEmpty()) {
        throw new InputException(
            dataset + ": expected folders of scenes with " + POSES + ", found none");
      }
      return scenes;
    } catch (NoSuchFileException e) {
      throw new InputException(dataset + ": no such folder", e);
    } catch (IOException e) {
      throw new InputException(dataset + ": cannot list the folder: " + e, e);
    }
  }

  /**
   * Reads one scene.
   *
   * @throws InputException naming the file and line that is missing or malformed
   */
  public static MapFreeScene read(Path folder) {
    Path intrinsicsFile = folder.resolve(INTRINSICS);
    Path posesFile = folder.resolve(POSES);
    Map<String, double[]> cameras = table(intrinsicsFile, 6, "fx fy cx cy width height");
    Map<String, double[]> poses = table(posesFile, 7, "qw qx qy qz tx ty tz");
    List<Frame> frames = new ArrayList<>();
    poses.forEach(
        (path, pose) -> {
          double[] camera =
              Optional.ofNullable(cameras.get(path))
                  .orElseThrow(
                      () ->
                          new InputException(
                              intrinsicsFile + ": expected a line for " + path + ", found none"));
          frames.add(new Frame(path, intrinsics(intrinsicsFile, path, camera), pose(pose)));
        });
    double[] last = cameras.values().stream().reduce((a, b) -> b).orElse(new double[6]);
    return new MapFreeScene(
        folder.getFileName().toString(),
        folder,
        sequence(posesFile, frames, "seq0/").get(0),
        sequence(posesFile, frames, "seq1/"),
        (int) last[4],
        (int) last[5]);
  }

  /** Returns the queries that the benchmark asks for: the first, and every {@code step}-th on. */
  public List<Frame> everyNthQuery(int step) {
    return IntStream.range(0, queries.size())
        .filter(i -> i % step == 0)
        .mapToObj(queries::get)
        .toList();
  }

  /** Returns the true motion from the reference's camera to the query's, if it is told. */
  public Optional<Rigid3> queryFromReference(Frame query) {
    return reference
        .fromWorld()
        .flatMap(world -> query.fromWorld().map(fromWorld -> fromWorld.times(world.inverse())));
  }

  private static List<Frame> sequence(Path file, List<Frame> frames, String prefix) {
    List<Frame> chosen =
        frames.stream()
            .filter(frame -> frame.path().startsWith(prefix))
            .sorted(Comparator.comparing(Frame::path))
            .toList();
    if (chosen.isEmpty()) {
      throw new InputException(file + ": expected a frame of " + prefix + ", found none");
    }
    return chosen;
  }

  private static Intrinsics intrinsics(Path file, String path, double[] camera) {
    try {
      return new Intrinsics(camera[0], camera[1], camera[2], camera[3]);
    } catch (IllegalArgumentException e) {
      throw new InputException(file + ": " + path + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Rigid3> pose(double[] p) {
    if (Math.hypot(Math.hypot(p[0], p[1]), Math.hypot(p[2], p[3])) < 1e-9) {
      return Optional.empty();
    }
    return Optional.of(
        new Rigid3(
            Quaternion.of(p[0], p[1], p[2], p[3]).toRotation(), new Point3(p[4], p[5], p[6])));
  }

  private static Map<String, double[]> table(Path file, int columns, String names) {
    Map<String, double[]> table = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank() || line.contains("#")) {
        continue;
      }
      String where = file + ":" + number + ": expected a frame and ";
      String[] fields = SPACES.split(line.strip(), -1);
      if (fields.length != columns + 1) {
        throw new InputException(where + names + ", found " + fields.length + " fields");
      }
      double[] numbers = new double[columns];
      for (int i = 0; i < columns; i++) {
        numbers[i] = finite(where + "finite numbers, found ", fields[i + 1]);
      }
      table.put(fields[0], numbers);
    }
    return table;
  }

  private static double finite(String message, String field) {
    try {
      double value = Double.parseDouble(field);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InputException(message + "'" + field + "'", e);
    }
    throw new InputException(message + "'" + field + "'");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot read the file: " + e, e);
    }
  }
}
