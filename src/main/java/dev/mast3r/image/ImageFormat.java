package dev.mast3r.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The image file formats that are read, told apart by their first bytes and never by a suffix. */
enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  WEBP("WebP"),
  TIFF("TIFF"),
  BMP("BMP");

  private final String label;

  ImageFormat(String label) {
    this.label = label;
  }

  /** Returns the name for messages. */
  String label() {
    return label;
  }

  static Optional<ImageFormat> of(byte[] file) {
    if (starts(file, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (starts(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (starts(file, 0, "RIFF") && starts(file, 8, "WEBP")) {
      return Optional.of(WEBP);
    }
    if (starts(file, 0, "II*\0") || starts(file, 0, "MM\0*")) {
      return Optional.of(TIFF);
    }
    return starts(file, 0, "BM") ? Optional.of(BMP) : Optional.empty();
  }

  /** Says what a file is that {@link #of} does not know. */
  static String describeUnknown(byte[] file) {
    if (file.length == 0) {
      return "an empty file";
    }
    if (starts(file, 0, "GIF8")) {
      return "a GIF image";
    }
    if (starts(file, 4, "ftyphei") || starts(file, 4, "ftypmif1")) {
      return "a HEIC image";
    }
    return starts(file, 4, "ftypavif") ? "an AVIF image" : "no image";
  }

  private static boolean starts(byte[] file, int offset, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (file.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (file[offset + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
