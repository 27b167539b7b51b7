package dev.mast3r.output;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.output.PoseReport.Camera;
import dev.mast3r.pose.PoseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Poses {@code x_B = R x_A + t} as comma-separated values, one row a pair, columns as in {@link
 * JsonPose} except that the rotation is a quaternion and times are left out: the same run gives the
 * same bytes. A failed pair has {@code false} under {@code success}, says why under {@code reason},
 * and its pose is empty.
 */
public final class CsvPose {

  /** The first line of a file, without its line end. */
  public static final String HEADER =
      "image_a,image_b,method,success,reason,qw,qx,qy,qz,tx,ty,tz,metric,matches,inliers,"
          + "inlier_ratio,focal_a,focal_b,intrinsics_source_a,intrinsics_source_b,model";

  private CsvPose() {}

  /** Returns the row of a pair, without a line end. */
  public static String line(PoseReport report) {
    Optional<PoseResult.Found> pose = report.pose();
    List<String> cells = new ArrayList<>();
    cells.add(report.imageA());
    cells.add(report.imageB());
    cells.add(report.method().orElse(""));
    cells.add(Boolean.toString(pose.isPresent()));
    cells.add(report.reason().orElse(""));
    if (pose.isPresent()) {
      Quaternion q = pose.get().bFromA().rotation().toQuaternion();
      Point3 t = pose.get().bFromA().translation();
      for (double value : new double[] {q.w(), q.x(), q.y(), q.z(), t.x(), t.y(), t.z()}) {
        cells.add(Decimal.CSV.pose(value));
      }
    } else {
      cells.addAll(List.of("", "", "", "", "", "", ""));
    }
    cells.add(pose.map(found -> Boolean.toString(found.metric())).orElse(""));
    cells.add(report.result().map(result -> Integer.toString(result.matches())).orElse(""));
    cells.add(pose.map(found -> Integer.toString(found.inliers())).orElse(""));
    cells.add(pose.map(found -> Decimal.CSV.pose(found.inlierRatio())).orElse(""));
    cells.add(report.cameraA().map(camera -> Decimal.CSV.pose(camera.focalPx())).orElse(""));
    cells.add(report.cameraB().map(camera -> Decimal.CSV.pose(camera.focalPx())).orElse(""));
    cells.add(report.cameraA().map(Camera::source).orElse(""));
    cells.add(report.cameraB().map(Camera::source).orElse(""));
    cells.add(report.model());
    return CsvRow.of(cells);
  }
}
