package dev.mast3r.pose;

/**
 * What an error costs if right matches have normal noise and wrong ones are off by anything: the
 * negative logarithm of {@code exp(-e^2 / (2 sigma^2)) + EPSILON}, from 0 at no error to a limit
 * that the wrong ones share. Its least sum is the most likely pose.
 *
 * @param sigma standard deviation of right matches, in the unit of the errors
 */
record MixtureLoss(double sigma) {

  /** How much likelier than a wrong one a right match without error is, inverted. */
  private static final double EPSILON = 0.02;

  /** Returns what an error costs, 0 to {@link #limit()}. */
  double of(double error) {
    return Math.log1p(EPSILON) - Math.log(normal(error) + EPSILON);
  }

  /** Returns the probability of a match to be right, by its error: its weight in a fit. */
  double weight(double error) {
    double normal = normal(error);
    return normal / (normal + EPSILON);
  }

  /** Returns the cost of an error without end. */
  double limit() {
    return Math.log1p(EPSILON) - Math.log(EPSILON);
  }

  private double normal(double error) {
    double scaled = error / sigma;
    return Math.exp(-scaled * scaled / 2);
  }
}
