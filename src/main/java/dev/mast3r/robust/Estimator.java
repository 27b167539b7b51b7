package dev.mast3r.robust;

import java.util.List;
import java.util.Optional;

/**
 * A model that can be fitted to some data and tested on each of them.
 *
 * @param <M> the model
 */
public interface Estimator<M> {

  /** Returns how many data there are; they are numbered from 0. */
  int size();

  /** Returns how many data settle the model. */
  int sampleSize();

  /** Fits the model to at least {@link #sampleSize()} data; empty if they do not determine it. */
  Optional<M> fit(List<Integer> data);

  /** Returns how far a datum is off a model, not negative, in the unit of the threshold. */
  double error(M model, int datum);
}
