package dev.mast3r.output;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.geometry.Rigid3;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A submission to the Map-free benchmark: a ZIP without folders, one {@code pose_SCENE.txt} a scene
 * with the lines of {@link MapFreePose}. Frames without a pose are left out.
 */
public final class MapFreeSubmission {

  private static final Pattern NAME = Pattern.compile("pose_(.+)\\.txt");
  private static final Pattern FRAME_NUMBER = Pattern.compile(".*?(\\d{5}).{4}");
  private static final int FIELDS = 9;
  private static final int MAX_FILE_BYTES = 64 << 20;

  /** ZIP knows no earlier time; a fixed one makes equal submissions equal files. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /**
   * The pose of one frame.
   *
   * @param frame the number in the frame's name
   * @param queryFromReference metres
   * @param confidence not negative
   */
  public record Pose(int frame, Rigid3 queryFromReference, double confidence) {}

  private MapFreeSubmission() {}

  /** Writes the lines of every scene; the stream stays open. */
  public static void write(OutputStream out, Map<String, List<String>> linesOfScene)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, List<String>> scene : linesOfScene.entrySet()) {
      ZipEntry entry = new ZipEntry("pose_" + scene.getKey() + ".txt");
      entry.setTimeLocal(NO_TIME);
      zip.putNextEntry(entry);
      for (String line : scene.getValue()) {
        zip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      zip.closeEntry();
    }
    zip.finish();
  }

  /**
   * Reads a submission as the benchmark does: lines that it cannot use are left out with a warning.
   *
   * @param warning is told each such line
   * @return the poses of every scene in the file, by the scene's name
   * @throws InputException if there is no such ZIP, or a confidence is negative
   */
  public static Map<String, List<Pose>> read(Path file, Consumer<String> warning) {
    Map<String, List<Pose>> poses = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        Matcher name = NAME.matcher(entry.getName());
        if (!name.matches()) {
          warning.accept(file + ": " + entry.getName() + " is no pose_SCENE.txt and is left out");
          continue;
        }
        byte[] text = zip.getInputStream(entry).readNBytes(MAX_FILE_BYTES);
        poses.put(
            name.group(1),
            parse(new String(text, StandardCharsets.UTF_8), entry.getName(), warning));
      }
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(file + ": expected a ZIP of poses: " + e.getMessage(), e);
    }
    return poses;
  }

  private static List<Pose> parse(String text, String name, Consumer<String> warning) {
    List<Pose> poses = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String where = name + ":" + number;
      Optional<Pose> pose = parse(line, where);
      pose.ifPresentOrElse(
          poses::add,
          () ->
              warning.accept(
                  where
                      + ": expected frame qw qx qy qz tx ty tz confidence; the line is left out"));
    }
    return poses;
  }

  /**
   * Reads one line; nothing if the benchmark would leave it out.
   *
   * @param where what messages call the line
   * @throws InputException if the confidence is negative
   */
  public static Optional<Pose> parse(String line, String where) {
    String[] fields = line.strip().split(" ", -1);
    Matcher frame = FRAME_NUMBER.matcher(fields[0]);
    if (fields.length != FIELDS || fields[0].contains("#") || !frame.matches()) {
      return Optional.empty();
    }
    double[] n = new double[FIELDS - 1];
    try {
      for (int i = 0; i < n.length; i++) {
        n[i] = Double.parseDouble(fields[i + 1]);
      }
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    for (double value : n) {
      if (!Double.isFinite(value)) {
        return Optional.empty();
      }
    }
    if (n[7] < 0) {
      throw new InputException(
          where + ": expected a confidence that is not negative, found " + fields[8]);
    }
    if (n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + n[3] * n[3] < 1e-12) {
      return Optional.empty();
    }
    Rigid3 motion =
        new Rigid3(
            Quaternion.of(n[0], n[1], n[2], n[3]).toRotation(), new Point3(n[4], n[5], n[6]));
    return Optional.of(new Pose(Integer.parseInt(frame.group(1)), motion, n[7]));
  }

  /** Returns the number in a frame's name, which submissions and truths are matched by. */
  public static Optional<Integer> frameNumber(String path) {
    Matcher matcher = FRAME_NUMBER.matcher(path);
    return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
  }
}
