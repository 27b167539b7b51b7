package dev.mast3r.report;

import dev.mast3r.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A photo as part of a page: a JPEG of at most {@value #MAX_SIDE_PX} pixels a side in its text. */
final class EmbeddedPhoto {

  private static final int MAX_SIDE_PX = 1280;
  private static final float QUALITY = 0.88f;

  private EmbeddedPhoto() {}

  /** Returns a {@code data:} address. */
  static String address(RgbImage photo) throws IOException {
    double scale = Math.min(1, (double) MAX_SIDE_PX / Math.max(photo.width(), photo.height()));
    BufferedImage scaled = ScaledPhoto.of(photo, scale, 0);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(jpeg)) {
      ImageWriteParam quality = writer.getDefaultWriteParam();
      quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      quality.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(scaled, null, null), quality);
    } finally {
      writer.dispose();
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.toByteArray());
  }
}
