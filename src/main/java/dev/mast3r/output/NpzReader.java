package dev.mast3r.output;

import dev.mast3r.error.InputException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads NumPy's {@code .npz} files, compressed or not. Nothing in a file is executed, and no more
 * memory is taken than the file's own size can account for.
 */
public final class NpzReader implements Closeable {

  private static final String SUFFIX = ".npy";
  private static final int MAX_ENTRIES = 1000;

  /** Deflate cannot shrink more than this: a larger claim is a lie. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  private final Path file;
  private final ZipFile zip;
  private final long fileBytes;
  private long bytesLeft;

  /**
   * Opens a file.
   *
   * @param maxBytes how many bytes of elements may be read in all
   * @throws InputException if the file cannot be read or is no zip
   */
  public NpzReader(Path file, long maxBytes) {
    this.file = file;
    this.bytesLeft = maxBytes;
    try {
      this.fileBytes = Files.size(file);
      this.zip = new ZipFile(file.toFile());
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (ZipException e) {
      throw new InputException(file + ": expected an .npz file, found other data", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot read: " + e.getMessage(), e);
    }
    if (zip.size() > MAX_ENTRIES) {
      InputException tooMany =
          new InputException(
              file + ": expected at most " + MAX_ENTRIES + " arrays, found " + zip.size());
      try {
        zip.close();
      } catch (IOException e) {
        tooMany.addSuppressed(e);
      }
      throw tooMany;
    }
  }

  /** Returns the names of all arrays. */
  public Set<String> names() {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(SUFFIX))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns the type and shape of an array without reading it.
   *
   * @throws InputException if there is no such array or it is malformed
   */
  public NpyHeader header(String name) {
    try (DataInputStream in = open(name)) {
      return NpyHeader.read(in, where(name));
    } catch (IOException e) {
      throw damaged(name, e);
    }
  }

  /**
   * Reads an array.
   *
   * @throws InputException if there is no such array, it is malformed, or larger than what is left
   *     of the limit
   */
  public NpyArray read(String name) {
    try (DataInputStream in = open(name)) {
      NpyHeader header = NpyHeader.read(in, where(name));
      long bytes = Math.multiplyExact(header.elements(), header.type().bytes());
      if (bytes > bytesLeft) {
        throw new InputException(
            where(name)
                + ": the array of shape "
                + header.shapeText()
                + " goes beyond the limit on the size of arrays");
      }
      if (bytes > fileBytes * MAX_DEFLATE_RATIO) {
        throw damaged(name, new EOFException("the file is too small for " + header.shapeText()));
      }
      byte[] data = new byte[(int) bytes];
      in.readFully(data);
      if (in.read() >= 0) {
        throw new InputException(
            where(name) + ": expected " + bytes + " bytes of elements, found more");
      }
      bytesLeft -= bytes;
      return new NpyArray(header, ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
    } catch (EOFException e) {
      throw damaged(name, e);
    } catch (IOException e) {
      throw damaged(name, e);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private DataInputStream open(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name + SUFFIX);
    if (entry == null) {
      throw new InputException(file + ": expected an array " + name + ", found none");
    }
    return new DataInputStream(new BufferedInputStream(zip.getInputStream(entry), 1 << 16));
  }

  private String where(String name) {
    return file + ": " + name;
  }

  private InputException damaged(String name, IOException cause) {
    String reason = cause instanceof EOFException ? "it ends too early" : cause.getMessage();
    return new InputException(where(name) + ": the array is damaged: " + reason, cause);
  }
}
