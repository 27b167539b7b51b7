package dev.mast3r.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of data of any length, in constant memory. */
public final class Sha256 {

  private static final int BUFFER_BYTES = 1 << 20;

  private final MessageDigest digest;

  /** Starts with no data. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the hash of a file, 64 hexadecimal digits in lower case. */
  public static String of(Path file) throws IOException {
    Sha256 hash = new Sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        hash.update(buffer, 0, count);
      }
    }
    return hash.hex();
  }

  /** Adds a part of a buffer. */
  public void update(byte[] buffer, int offset, int count) {
    digest.update(buffer, offset, count);
  }

  /** Returns the hash of all data, 64 hexadecimal digits in lower case, and starts anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
