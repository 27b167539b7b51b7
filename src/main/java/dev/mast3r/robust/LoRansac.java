package dev.mast3r.robust;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random sample consensus with local optimisation (Chum, Matas, Kittler, DAGM 2003): every new best
 * model is fitted again to its inliers as long as that helps. Scored as MSAC (Torr and Zisserman,
 * CVIU 2000), {@code sum of min(error^2, maxError^2)}.
 *
 * @param <M> the model
 */
public final class LoRansac<M> {

  private final Estimator<M> estimator;
  private final RansacOptions options;

  public LoRansac(Estimator<M> estimator, RansacOptions options) {
    this.estimator = estimator;
    this.options = options;
  }

  /**
   * Searches for the model that most data agree with.
   *
   * @return empty if no sample determines a model, as when there are too few data
   */
  public Optional<Consensus<M>> search() {
    int sampleSize = estimator.sampleSize();
    if (estimator.size() < sampleSize) {
      return Optional.empty();
    }
    Random random = new Random(options.seed());
    Optional<Scored<M>> best = Optional.empty();
    int needed = options.maxIterations();
    for (int iteration = 0; iteration < needed; iteration++) {
      Optional<Scored<M>> drawn = estimator.fit(sample(random, sampleSize)).map(this::score);
      if (drawn.isPresent() && (best.isEmpty() || drawn.get().cost < best.get().cost)) {
        best = Optional.of(optimise(drawn.get()));
        double inlierRatio = (double) best.get().inliers.size() / estimator.size();
        needed =
            RansacStopping.iterations(
                inlierRatio, sampleSize, options.confidence(), options.maxIterations());
      }
    }
    return best.map(scored -> new Consensus<>(scored.model, scored.inliers));
  }

  /** Different data, in the order drawn. */
  private List<Integer> sample(Random random, int sampleSize) {
    List<Integer> sample = new ArrayList<>();
    while (sample.size() < sampleSize) {
      int drawn = random.nextInt(estimator.size());
      if (!sample.contains(drawn)) {
        sample.add(drawn);
      }
    }
    return sample;
  }

  private Scored<M> optimise(Scored<M> start) {
    Scored<M> best = start;
    while (best.inliers.size() >= estimator.sampleSize()) {
      Optional<Scored<M>> again = estimator.fit(best.inliers).map(this::score);
      if (again.isEmpty() || again.get().cost >= best.cost) {
        break;
      }
      best = again.get();
    }
    return best;
  }

  private Scored<M> score(M model) {
    double maxCost = options.maxError() * options.maxError();
    double cost = 0;
    List<Integer> inliers = new ArrayList<>();
    for (int datum = 0; datum < estimator.size(); datum++) {
      double error = estimator.error(model, datum);
      if (error <= options.maxError()) {
        inliers.add(datum);
        cost += error * error;
      } else {
        cost += maxCost;
      }
    }
    return new Scored<>(model, cost, inliers);
  }

  private record Scored<M>(M model, double cost, List<Integer> inliers) {}

  /**
   * What a search found.
   *
   * @param inliers the data within the largest error, ascending
   */
  public record Consensus<M>(M model, List<Integer> inliers) {

    public Consensus {
      inliers = List.copyOf(inliers);
    }
  }
}
