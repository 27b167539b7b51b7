package dev.mast3r.output;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.pose.PoseResult;
import java.util.List;
import java.util.Optional;

/**
 * Poses for a submission to the Map-free benchmark: {@code frame_path qw qx qy qz tx ty tz
 * confidence}, where the frame is image B, the pose takes points from A's camera to B's, in metres,
 * and the confidence is the number of inliers.
 */
public final class MapFreePose {

  private MapFreePose() {}

  /**
   * Returns the line of a pair, without a line end; nothing for a pair without a pose, which the
   * format cannot express.
   *
   * @throws InputException if the name of B has white space or a {@code #}, which the benchmark
   *     would misread
   */
  public static Optional<String> line(PoseReport report) {
    String frame = report.imageB();
    if (frame.chars().anyMatch(c -> Character.isWhitespace(c) || c == '#')) {
      throw new InputException(
          "\"" + frame + "\": the Map-free format allows neither spaces nor # in a name");
    }
    return report.pose().map(pose -> line(frame, pose));
  }

  private static String line(String frame, PoseResult.Found pose) {
    Quaternion q = pose.bFromA().rotation().toQuaternion();
    Point3 t = pose.bFromA().translation();
    return String.join(
        " ",
        List.of(
            frame,
            Decimal.CSV.pose(q.w()),
            Decimal.CSV.pose(q.x()),
            Decimal.CSV.pose(q.y()),
            Decimal.CSV.pose(q.z()),
            Decimal.CSV.pose(t.x()),
            Decimal.CSV.pose(t.y()),
            Decimal.CSV.pose(t.z()),
            Integer.toString(pose.inliers())));
  }
}
