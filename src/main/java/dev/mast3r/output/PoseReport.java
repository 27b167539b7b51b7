package dev.mast3r.output;

import dev.mast3r.pose.PoseResult;
import java.util.Locale;
import java.util.Optional;

/**
 * What is told of the pose of one pair. A pair has a result of the estimator, or a failure before
 * it: an image that cannot be read, say.
 *
 * @param imageA the name that outputs use
 * @param result what the estimator found
 * @param failure why there is no result
 * @param cameraA absent if the pair failed before it was known
 * @param model the name of the model
 */
public record PoseReport(
    String imageA,
    String imageB,
    Optional<PoseResult> result,
    Optional<String> failure,
    Optional<Camera> cameraA,
    Optional<Camera> cameraB,
    String model,
    StageSeconds seconds) {

  /**
   * The focal length that was used.
   *
   * @param focalPx in pixels of the original image; of two, the geometric mean
   * @param source where the intrinsics came from
   */
  public record Camera(double focalPx, String source) {}

  public PoseReport {
    if (result.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException("a pair has either a result or a failure");
    }
  }

  /** Reports what the estimator found. */
  public static PoseReport of(
      String imageA,
      String imageB,
      PoseResult result,
      Camera cameraA,
      Camera cameraB,
      String model,
      StageSeconds seconds) {
    return new PoseReport(
        imageA,
        imageB,
        Optional.of(result),
        Optional.empty(),
        Optional.of(cameraA),
        Optional.of(cameraB),
        model,
        seconds);
  }

  /** Reports a pair that failed before its pose could be estimated. */
  public static PoseReport failed(String imageA, String imageB, String reason, String model) {
    return new PoseReport(
        imageA,
        imageB,
        Optional.empty(),
        Optional.of(reason),
        Optional.empty(),
        Optional.empty(),
        model,
        StageSeconds.none());
  }

  /** Returns the method that was used, in lower case, if it came to that. */
  public Optional<String> method() {
    return result.map(used -> used.method().name().toLowerCase(Locale.ROOT));
  }

  /** Returns the pose, if there is one. */
  public Optional<PoseResult.Found> pose() {
    return result.filter(PoseResult.Found.class::isInstance).map(PoseResult.Found.class::cast);
  }

  /** Returns why there is no pose, if there is none. */
  public Optional<String> reason() {
    return failure.or(
        () ->
            result
                .filter(PoseResult.NotFound.class::isInstance)
                .map(found -> ((PoseResult.NotFound) found).reason().text()));
  }
}
