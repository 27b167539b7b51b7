package dev.mast3r.app;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.output.PoseReport;
import dev.mast3r.output.StageSeconds;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.report.FactTable;
import dev.mast3r.report.FactTable.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the page of a pair says in words and numbers. */
final class PairFacts {

  private PairFacts() {}

  /** Tells who found the matches and where the time went. */
  static FactTable run(String model, StageSeconds seconds) {
    return new FactTable(
        "Model and seconds",
        List.of(
            new Fact("model", model),
            seconds("load the model", seconds.load()),
            seconds("decode the photos", seconds.decode()),
            seconds("encoder", seconds.encode()),
            seconds("decoder and heads", seconds.decodeNetwork()),
            seconds("matching", seconds.match()),
            seconds("pose", seconds.pose())));
  }

  private static Fact seconds(String name, double value) {
    return new Fact(name, format("%.3f", value));
  }

  /** Tells a pose, or why there is none. */
  static FactTable pose(PoseReport report) {
    List<Fact> facts = new ArrayList<>();
    report.method().ifPresent(method -> facts.add(new Fact("method", method)));
    report.reason().ifPresent(reason -> facts.add(new Fact("no pose", reason)));
    report.pose().ifPresent(found -> facts.addAll(found(found)));
    report.cameraA().ifPresent(camera -> facts.add(focal("focal length of A", camera)));
    report.cameraB().ifPresent(camera -> facts.add(focal("focal length of B", camera)));
    return new FactTable("Pose: x_B = R x_A + t", facts);
  }

  private static List<Fact> found(PoseResult.Found found) {
    Rotation3 r = found.bFromA().rotation();
    Quaternion q = r.toQuaternion();
    Point3 t = found.bFromA().translation();
    return List.of(
        new Fact("rotation", format("%.2f degrees", r.angleDeg())),
        new Fact(
            "quaternion w x y z", format("%.5f  %.5f  %.5f  %.5f", q.w(), q.x(), q.y(), q.z())),
        new Fact("R", row(r, 0) + "\n" + row(r, 1) + "\n" + row(r, 2)),
        new Fact(
            "t",
            format("%.4f  %.4f  %.4f", t.x(), t.y(), t.z())
                + (found.metric() ? " m" : ", of unit norm: its length is not known")),
        new Fact(
            "inliers of the method",
            format(
                "%d of %d, %.1f %%", found.inliers(), found.matches(), 100 * found.inlierRatio())));
  }

  private static String row(Rotation3 r, int row) {
    return format("%.5f  %.5f  %.5f", r.get(row, 0), r.get(row, 1), r.get(row, 2));
  }

  private static Fact focal(String name, PoseReport.Camera camera) {
    return new Fact(name, format("%.1f px, from: %s", camera.focalPx(), camera.source()));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
