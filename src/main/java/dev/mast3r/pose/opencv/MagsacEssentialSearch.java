package dev.mast3r.pose.opencv;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.pose.EssentialSearch;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.RayPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opencv.calib3d.Calib3d;
import org.opencv.calib3d.UsacParams;
import org.opencv.core.Mat;

/**
 * The essential matrix by five-point samples, scored and polished as MAGSAC++ does (arXiv
 * 1912.05909), in OpenCV's words {@code USAC_MAGSAC}. One thread and an explicit generator state,
 * so that a seed settles the result.
 */
final class MagsacEssentialSearch implements EssentialSearch {

  /** What OpenCV sets for {@code USAC_MAGSAC}, to which no seed can be given. */
  private static final int LOCAL_SAMPLE_SIZE = 50;

  private static final int LOCAL_ITERATIONS = 10;

  @Override
  public List<EssentialMatrix> find(
      List<RayPair> rays, double focalPx, double maxErrorPx, PoseOptions options) {
    double[] a = new double[2 * rays.size()];
    double[] b = new double[2 * rays.size()];
    for (int i = 0; i < rays.size(); i++) {
      a[2 * i] = focalPx * rays.get(i).a().x();
      a[2 * i + 1] = focalPx * rays.get(i).a().y();
      b[2 * i] = focalPx * rays.get(i).b().x();
      b[2 * i + 1] = focalPx * rays.get(i).b().y();
    }
    UsacParams params = new UsacParams();
    params.set_confidence(options.confidence());
    params.set_maxIterations(options.maxIterations());
    params.set_threshold(maxErrorPx);
    params.set_randomGeneratorState(Long.hashCode(options.seed()));
    params.set_isParallel(false);
    params.set_sampler(Calib3d.SAMPLING_UNIFORM);
    params.set_score(Calib3d.SCORE_METHOD_MAGSAC);
    params.set_loMethod(Calib3d.LOCAL_OPTIM_SIGMA);
    params.set_loSampleSize(LOCAL_SAMPLE_SIZE);
    params.set_loIterations(LOCAL_ITERATIONS);
    try (MatScope mats = new MatScope()) {
      Mat camera = mats.camera(new Intrinsics(focalPx, focalPx, 0, 0));
      Mat found =
          mats.own(
              Calib3d.findEssentialMat(
                  mats.points(2, a),
                  mats.points(2, b),
                  camera,
                  camera,
                  mats.empty(),
                  mats.empty(),
                  mats.empty(),
                  params));
      return stacked(found);
    }
  }

  /** Takes a stack of 3x3 matrices apart, N x 3 x 3 in 3N rows. */
  private static List<EssentialMatrix> stacked(Mat found) {
    double[] values = new double[(int) found.total()];
    if (values.length > 0) {
      found.get(0, 0, values);
    }
    List<EssentialMatrix> candidates = new ArrayList<>();
    for (int from = 0; from + 9 <= values.length; from += 9) {
      candidates.add(EssentialMatrix.of(Arrays.copyOfRange(values, from, from + 9)));
    }
    return candidates;
  }
}
