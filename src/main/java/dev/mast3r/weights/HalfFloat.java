package dev.mast3r.weights;

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */
final class HalfFloat {

  private static final int FLOAT_INFINITY = 0x7f80_0000;

  /** 65520, from which on the nearest half is infinity. */
  private static final int FIRST_INFINITE = 0x477f_f000;

  /** 2^-14, the smallest half that is not subnormal. */
  private static final int FIRST_NORMAL = 0x3880_0000;

  /** 2^-25, halfway between zero and the smallest half. */
  private static final int LAST_ZERO = 0x3300_0000;

  private HalfFloat() {}

  /** Returns the bits of the nearest half, of two equally near ones that with an even fraction. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fff_ffff;
    if (magnitude > FLOAT_INFINITY) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= FIRST_INFINITE) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude <= LAST_ZERO) {
      return (short) sign;
    }
    if (magnitude >= FIRST_NORMAL) {
      // 112 is the difference of the exponents' biases; a carry into the exponent is what rounding
      // up to the next power of two means
      int rounded = roundedShift(magnitude - (112 << 23), 13);
      return (short) (sign | rounded);
    }
    int fraction = (magnitude & 0x7f_ffff) | 0x80_0000;
    return (short) (sign | roundedShift(fraction, 126 - (magnitude >>> 23)));
  }

  private static int roundedShift(int value, int shift) {
    int kept = value >>> shift;
    int rest = value & ((1 << shift) - 1);
    int half = 1 << (shift - 1);
    return rest > half || (rest == half && (kept & 1) == 1) ? kept + 1 : kept;
  }

  /** Returns the value of a half, exactly. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | FLOAT_INFINITY | (fraction << 13));
    }
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
  }
}
