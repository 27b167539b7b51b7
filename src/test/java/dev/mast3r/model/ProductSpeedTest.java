package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.UsageException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProductSpeedTest {

  @Test
  void oneDnnIsTakenWhereTheEngineHasItWhateverTheSpeed() {
    assertEquals(ProductLibrary.ONEDNN, speed(1.0, 2.0).standard());
    assertEquals(
        ProductLibrary.ENGINE, new ProductSpeed(Map.of(ProductLibrary.ENGINE, 1.0)).standard());
  }

  @Test
  void tellsWhatIsClearlyFaster() {
    assertEquals(
        Optional.of(ProductLibrary.ENGINE), speed(1.0, 1.3).fasterThan(ProductLibrary.ONEDNN));
    assertEquals(
        Optional.of(ProductLibrary.ONEDNN), speed(2.0, 1.0).fasterThan(ProductLibrary.ENGINE));
    assertEquals(Optional.empty(), speed(1.0, 1.1).fasterThan(ProductLibrary.ONEDNN));
    assertEquals(Optional.empty(), speed(2.0, 1.0).fasterThan(ProductLibrary.ONEDNN));
  }

  @Test
  void readsItsNames() {
    for (ProductLibrary library : ProductLibrary.values()) {
      assertEquals(library, ProductLibrary.parse(library.key()));
    }
    assertThrows(UsageException.class, () -> ProductLibrary.parse("mkl"));
  }

  private static ProductSpeed speed(double engine, double oneDnn) {
    return new ProductSpeed(Map.of(ProductLibrary.ENGINE, engine, ProductLibrary.ONEDNN, oneDnn));
  }
}
