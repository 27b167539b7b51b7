package dev.mast3r.pose;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import java.util.List;
import java.util.Optional;

/** A robust search for the camera that sees given points at given pixels, some of them wrong. */
public interface PnpSearch {

  /**
   * Returns the pose that fits most points, refined on them; empty if none was found.
   *
   * @param pointsInA at least 4
   * @param pixelsInB where B sees them, as many
   * @param maxErrorPx largest reprojection error of an inlier
   * @param options iterations, confidence and seed are heeded
   */
  Optional<Rigid3> find(
      List<Point3> pointsInA,
      List<Point2> pixelsInB,
      Intrinsics intrinsicsB,
      double maxErrorPx,
      PoseOptions options);
}
