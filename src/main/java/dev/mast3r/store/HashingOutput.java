package dev.mast3r.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Hashes what passes through to another stream. */
final class HashingOutput extends FilterOutputStream {

  private final Sha256 hash = new Sha256();

  HashingOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    hash.update(bytes, offset, length);
  }

  String sha256() {
    return hash.hex();
  }
}
