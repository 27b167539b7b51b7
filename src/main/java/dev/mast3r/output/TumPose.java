package dev.mast3r.output;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.geometry.Rigid3;
import java.util.List;
import java.util.Optional;

/**
 * Poses in the trajectory format of the TUM RGB-D benchmark: {@code timestamp tx ty tz qx qy qz
 * qw}.
 *
 * <p>As that format wants it, the pose is that of camera B in camera A's frame (A from B), the
 * inverse of what the other formats say. The timestamp is the name of B's file without folder and
 * extension if that is a number, as in the benchmark's own data, else B's name.
 */
public final class TumPose {

  private TumPose() {}

  /**
   * Returns the line of a pair, without a line end; nothing for a pair without a pose, which the
   * format cannot express.
   *
   * @throws InputException if the name of B has white space or a {@code #}
   */
  public static Optional<String> line(PoseReport report) {
    String stamp = stamp(report.imageB());
    return report.pose().map(pose -> line(stamp, pose.bFromA().inverse()));
  }

  private static String stamp(String name) {
    if (name.chars().anyMatch(c -> Character.isWhitespace(c) || c == '#')) {
      throw new InputException(
          "\"" + name + "\": the TUM format allows neither spaces nor # in a name");
    }
    String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    int dot = file.lastIndexOf('.');
    String stem = dot < 0 ? file : file.substring(0, dot);
    return stem.matches("\\d+(\\.\\d+)?") ? stem : name;
  }

  private static String line(String stamp, Rigid3 aFromB) {
    Quaternion q = aFromB.rotation().toQuaternion();
    Point3 t = aFromB.translation();
    return String.join(
        " ",
        List.of(
            stamp,
            Decimal.CSV.pose(t.x()),
            Decimal.CSV.pose(t.y()),
            Decimal.CSV.pose(t.z()),
            Decimal.CSV.pose(q.x()),
            Decimal.CSV.pose(q.y()),
            Decimal.CSV.pose(q.z()),
            Decimal.CSV.pose(q.w())));
  }
}
