package dev.mast3r.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A point cloud as binary little-endian PLY: one {@code vertex} a point with {@code float x y z},
 * {@code uchar red green blue} and {@code float confidence}, 19 bytes each.
 */
public final class PlyWriter {

  private static final int VERTEX_BYTES = 19;
  private static final int CHUNK = 4096;

  private PlyWriter() {}

  public static void write(OutputStream out, PointCloud cloud) throws IOException {
    out.write(header(cloud.size()).getBytes(StandardCharsets.US_ASCII));
    byte[] chunk = new byte[CHUNK * VERTEX_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < cloud.size(); i++) {
      for (int axis = 0; axis < 3; axis++) {
        buffer.putFloat(cloud.coordinate(i, axis));
      }
      for (int channel = 0; channel < 3; channel++) {
        buffer.put(cloud.colour(i, channel));
      }
      buffer.putFloat(cloud.confidence(i));
      if (!buffer.hasRemaining()) {
        out.write(chunk);
        buffer.clear();
      }
    }
    out.write(chunk, 0, buffer.position());
  }

  private static String header(int vertices) {
    return """
        ply
        format binary_little_endian 1.0
        comment camera A's frame: x right, y down, z forward; metres if the model is metric
        element vertex %d
        property float x
        property float y
        property float z
        property uchar red
        property uchar green
        property uchar blue
        property float confidence
        end_header
        """
        .formatted(vertices);
  }
}
