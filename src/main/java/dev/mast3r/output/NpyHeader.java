package dev.mast3r.output;

import dev.mast3r.error.InputException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The head of a NumPy {@code .npy} array, C order: written as format version 1.0, read as 1.0, 2.0
 * and 3.0.
 */
public record NpyHeader(NpyType type, List<Integer> shape) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_DIMENSIONS = 8;
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']{1,32})',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*\\}\\s*");

  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /** Returns the number of elements. */
  long elements() {
    long product = 1;
    for (int size : shape) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** Returns the shape as NumPy prints it. */
  String shapeText() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  byte[] toBytes() {
    String tuple = shape.size() == 1 ? "(" + shape.get(0) + ",)" : shapeText();
    String dictionary =
        "{'descr': '" + type.descr() + "', 'fortran_order': False, 'shape': " + tuple + ", }";
    int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
    int length = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] bytes = Arrays.copyOf(MAGIC, length);
    Arrays.fill(bytes, MAGIC.length + 4, length, (byte) ' ');
    bytes[MAGIC.length] = 1;
    bytes[MAGIC.length + 1] = 0;
    int dictionaryLength = length - MAGIC.length - 4;
    bytes[MAGIC.length + 2] = (byte) dictionaryLength;
    bytes[MAGIC.length + 3] = (byte) (dictionaryLength >> 8);
    byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, bytes, MAGIC.length + 4, text.length);
    bytes[length - 1] = '\n';
    return bytes;
  }

  /**
   * Reads a head and leaves the stream at the first element.
   *
   * @param where what messages call the array
   * @throws InputException if the head is malformed or of an array that is not read here
   */
  static NpyHeader read(DataInputStream in, String where) throws IOException {
    try {
      byte[] magic = new byte[MAGIC.length];
      in.readFully(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new InputException(where + ": expected a NumPy array, found other data");
      }
      int major = in.readUnsignedByte();
      int minor = in.readUnsignedByte();
      if (major < 1 || major > 3 || minor != 0) {
        throw new InputException(
            where + ": expected NumPy format 1.0, 2.0 or 3.0, found " + major + "." + minor);
      }
      long length =
          major == 1
              ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
              : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      if (length > MAX_LENGTH) {
        throw new InputException(
            where + ": expected a head of at most " + MAX_LENGTH + " bytes, found " + length);
      }
      byte[] text = new byte[(int) length];
      in.readFully(text);
      return parse(new String(text, StandardCharsets.ISO_8859_1), where);
    } catch (EOFException e) {
      throw new InputException(where + ": the NumPy array ends within its head", e);
    }
  }

  private static NpyHeader parse(String dictionary, String where) {
    Matcher matcher = DICTIONARY.matcher(dictionary);
    if (!matcher.matches()) {
      throw new InputException(where + ": the head of the NumPy array is malformed");
    }
    String descr = matcher.group(1);
    NpyType type =
        NpyType.of(descr)
            .orElseThrow(
                () ->
                    new InputException(
                        where
                            + ": expected elements of type |u1, <f4 or <f8, found "
                            + descr.replaceAll("[^\\x20-\\x7e]", "?")));
    List<Integer> shape = shape(matcher.group(3), where);
    if (matcher.group(2).equals("True") && shape.size() > 1) {
      throw new InputException(
          where + ": expected C order, found Fortran order, save numpy.ascontiguousarray of it");
    }
    return new NpyHeader(type, shape);
  }

  private static List<Integer> shape(String tuple, String where) {
    List<Integer> shape = new ArrayList<>();
    long elements = 1;
    try {
      for (String size : tuple.replace(" ", "").split(",", -1)) {
        if (!size.isEmpty()) {
          shape.add(Integer.parseInt(size));
          elements = Math.multiplyExact(elements, shape.get(shape.size() - 1));
        }
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw tooLarge(tuple, where, e);
    }
    if (shape.size() > MAX_DIMENSIONS || elements > Integer.MAX_VALUE / NpyType.FLOAT64.bytes()) {
      throw tooLarge(tuple, where, null);
    }
    return shape;
  }

  private static InputException tooLarge(String tuple, String where, Throwable cause) {
    return new InputException(
        where + ": the array of shape (" + tuple + ") is larger than what is read here", cause);
  }
}
