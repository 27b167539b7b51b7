package dev.mast3r.store;

import dev.mast3r.error.UsageException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file to be downloaded.
 *
 * @param uri of scheme http or https
 * @param bytes its size, if known beforehand
 * @param sha256 its hash in lower case, if known beforehand
 */
public record RemoteFile(URI uri, OptionalLong bytes, Optional<String> sha256) {

  /**
   * @throws UsageException if the address is not of http or https, or the hash none
   */
  public RemoteFile {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new UsageException("expected an address of http or https, found '" + uri + "'");
    }
    if (!ModelManifest.isName(fileName(uri))) {
      throw new UsageException(
          "expected an address that ends in a file's name, found '" + uri + "'");
    }
    if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
      throw new UsageException(
          "expected a SHA-256 of 64 hexadecimal digits, found '" + sha256.get() + "'");
    }
  }

  /** Returns the last part of the address's path, which is a plain file name. */
  String fileName() {
    return fileName(uri);
  }

  private static String fileName(URI uri) {
    String path = String.valueOf(uri.getPath());
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
