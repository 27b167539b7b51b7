package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HalfFloatTest {

  @Test
  void knowsTheFormatsLandmarks() {
    assertEquals(0x3c00, HalfFloat.fromFloat(1f));
    assertEquals((short) 0xc000, HalfFloat.fromFloat(-2f));
    assertEquals(0x7bff, HalfFloat.fromFloat(65504f));
    assertEquals(0x7bff, HalfFloat.fromFloat(65519.996f));
    assertEquals(0x7c00, HalfFloat.fromFloat(65520f));
    assertEquals((short) 0xfc00, HalfFloat.fromFloat(Float.NEGATIVE_INFINITY));
    assertEquals(0x0001, HalfFloat.fromFloat(0x1p-24f));
    assertEquals(0x0400, HalfFloat.fromFloat(0x1p-14f));
    assertEquals((short) 0x8000, HalfFloat.fromFloat(-0f));
    assertTrue(Float.isNaN(HalfFloat.toFloat(HalfFloat.fromFloat(Float.NaN))));
    assertEquals(1 / 3f, HalfFloat.toFloat((short) 0x3555), 1e-4f);
  }

  @Test
  void givesEveryHalfBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfFloat.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, HalfFloat.fromFloat(value));
      }
    }
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float below = HalfFloat.toFloat((short) bits);
      float above = HalfFloat.toFloat((short) (bits + 1));
      // exact: halves have 11 significant bits, their middle 12
      float middle = (below + above) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertEquals(even, HalfFloat.fromFloat(middle));
      assertEquals(bits, HalfFloat.fromFloat(Math.nextDown(middle)));
      assertEquals(bits + 1, HalfFloat.fromFloat(Math.nextUp(middle)));
    }
  }
}
