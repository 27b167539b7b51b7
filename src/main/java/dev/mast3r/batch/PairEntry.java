package dev.mast3r.batch;

import dev.mast3r.geometry.Rigid3;
import java.util.Optional;

/**
 * One pair of a list.
 *
 * @param bFromA the true motion {@code x_B = R x_A + t}, if the list gives it
 */
public record PairEntry(ListedImage a, ListedImage b, Optional<Rigid3> bFromA) {

  /** Returns both names, for messages. */
  public String name() {
    return a.name() + " " + b.name();
  }
}
