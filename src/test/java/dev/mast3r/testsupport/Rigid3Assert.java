package dev.mast3r.testsupport;

import static org.junit.jupiter.api.Assertions.fail;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import java.util.Locale;

/** Compares rigid motions; the message says whether rotation or translation is off. */
public final class Rigid3Assert {

  private Rigid3Assert() {}

  /** Asserts that two motions differ by no more than the given angle and length. */
  public static void assertNear(
      Rigid3 expected, Rigid3 actual, double maxRotationDeg, double maxOffset) {
    double rotationDeg = expected.rotation().inverse().times(actual.rotation()).angleDeg();
    double offset = expected.translation().distanceTo(actual.translation());
    if (!(rotationDeg <= maxRotationDeg) || !(offset <= maxOffset)) {
      fail(
          String.format(
              Locale.ROOT,
              "rotation is off by %.3g deg (allowed %.3g), translation by %.3g (allowed %.3g):"
                  + " expected %s, found %s",
              rotationDeg,
              maxRotationDeg,
              offset,
              maxOffset,
              expected,
              actual));
    }
  }

  /** Returns the same motion with a translation of unit norm. */
  public static Rigid3 unit(Rigid3 motion) {
    Point3 t = motion.translation();
    return new Rigid3(motion.rotation(), t.times(1 / t.norm()));
  }
}
