package dev.mast3r.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Builds the TIFF block of an EXIF segment: whole numbers as LONG, others as RATIONAL. */
final class ExifBlock {

  static final int ORIENTATION = 0x0112;
  static final int FOCAL_LENGTH = 0x920a;
  static final int FOCAL_LENGTH_35MM = 0xa405;
  static final int IMAGE_WIDTH = 0xa002;
  static final int IMAGE_HEIGHT = 0xa003;
  static final int FOCAL_PLANE_X_RESOLUTION = 0xa20e;
  static final int FOCAL_PLANE_UNIT = 0xa210;

  private static final int EXIF_POINTER = 0x8769;
  private static final int DENOMINATOR = 1000;

  private ExifBlock() {}

  static byte[] of(int orientation, Map<Integer, Double> exif) {
    ByteBuffer block = ByteBuffer.allocate(2048).order(ByteOrder.BIG_ENDIAN);
    block.put(new byte[] {'M', 'M', 0, 42}).putInt(8);
    block.putShort((short) 2);
    putLong(block, ORIENTATION, orientation);
    int exifStart = block.position() + 12 + 4;
    putLong(block, EXIF_POINTER, exifStart);
    block.putInt(0);
    block.putShort((short) exif.size());
    int rationals = exifStart + 2 + 12 * exif.size() + 4;
    for (Map.Entry<Integer, Double> entry : new TreeMap<>(exif).entrySet()) {
      double value = entry.getValue();
      if (value == Math.rint(value)) {
        putLong(block, entry.getKey(), (int) value);
      } else {
        block.putShort((short) (int) entry.getKey()).putShort((short) 5).putInt(1);
        block.putInt(rationals);
        block.putInt(rationals, (int) Math.round(value * DENOMINATOR));
        block.putInt(rationals + 4, DENOMINATOR);
        rationals += 8;
      }
    }
    block.putInt(0);
    return block.array();
  }

  private static void putLong(ByteBuffer block, int tag, int value) {
    block.putShort((short) tag).putShort((short) 4).putInt(1).putInt(value);
  }
}
