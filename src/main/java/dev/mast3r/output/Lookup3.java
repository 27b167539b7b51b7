package dev.mast3r.output;

/**
 * The checksum of HDF5's metadata: {@code hashlittle} of Bob Jenkins' lookup3 (public domain, 2006)
 * with the initial value 0.
 */
final class Lookup3 {

  private static final int BLOCK = 12;

  private int a;
  private int b;
  private int c;

  private Lookup3(int length) {
    a = 0xdeadbeef + length;
    b = a;
    c = a;
  }

  /** Returns the hash of the first {@code length} bytes. */
  static int hash(byte[] bytes, int length) {
    Lookup3 state = new Lookup3(length);
    int at = 0;
    for (; length - at > BLOCK; at += BLOCK) {
      state.add(bytes, at, length);
      state.mix();
    }
    if (at == length) {
      return state.c;
    }
    state.add(bytes, at, length);
    return state.finish();
  }

  /** Adds up to twelve bytes; those beyond the end count as zero. */
  private void add(byte[] bytes, int at, int length) {
    a += word(bytes, at, length);
    b += word(bytes, at + 4, length);
    c += word(bytes, at + 8, length);
  }

  private static int word(byte[] bytes, int at, int length) {
    int word = 0;
    for (int i = 0; i < 4 && at + i < length; i++) {
      word |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return word;
  }

  private void mix() {
    a = (a - c) ^ Integer.rotateLeft(c, 4);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 6);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 8);
    b += a;
    a = (a - c) ^ Integer.rotateLeft(c, 16);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 19);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 4);
    b += a;
  }

  private int finish() {
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    c = (c ^ b) - Integer.rotateLeft(b, 24);
    return c;
  }
}
