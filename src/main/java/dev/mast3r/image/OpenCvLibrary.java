package dev.mast3r.image;

import dev.mast3r.error.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.opencv.core.Core;

/**
 * OpenCV's native library. The jar carries one for every platform; the running platform's is
 * unpacked once into a cache folder and loaded from there, which takes milliseconds, where
 * unpacking its 65 MB at every start takes half a second.
 */
public final class OpenCvLibrary {

  private static final String RESOURCES = "/nu/pattern/opencv/";

  private OpenCvLibrary() {}

  /**
   * Loads the library; does nothing if this process has it already, from whatever file. Safe to
   * call from several threads and several processes at a time.
   *
   * @param cacheFolder where the unpacked library is kept; created if absent
   * @throws DeviceException if there is no library for this platform, or it cannot be unpacked or
   *     loaded
   */
  public static synchronized void load(Path cacheFolder) {
    if (isLoaded()) {
      return;
    }
    Path file = unpack(cacheFolder, System.getProperty("os.name"), System.getProperty("os.arch"));
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException(
          "OpenCV's native library " + file + " does not load: " + e.getMessage(), e);
    }
  }

  /** Returns OpenCV's version. */
  public static String version() {
    return Core.VERSION;
  }

  /**
   * Sets how many threads OpenCV uses for one call, in the whole process.
   *
   * @param threads at least 1
   */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    Core.setNumThreads(threads);
  }

  /** Asks the library itself: it may have been loaded by an application around us. */
  private static boolean isLoaded() {
    try {
      Core.getTickCount();
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /** Returns the unpacked library, unpacking it if it is absent or of another size. */
  static Path unpack(Path cacheFolder, String osName, String osArch) {
    String name = platform(osName, osArch);
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    URL resource = Core.class.getResource(RESOURCES + name);
    if (resource == null) {
      throw new DeviceException(
          "OpenCV "
              + Core.VERSION
              + " comes without a native library for "
              + osName
              + " "
              + osArch
              + ", expected the resource "
              + RESOURCES
              + name);
    }
    Path file =
        cacheFolder
            .resolve("opencv-" + Core.VERSION)
            .resolve(name.substring(0, name.lastIndexOf('/')).replace('/', '-'))
            .resolve(fileName)
            .toAbsolutePath();
    try {
      URLConnection connection = resource.openConnection();
      connection.setUseCaches(false);
      try (InputStream library = connection.getInputStream()) {
        long size = connection.getContentLengthLong();
        if (!isWhole(file, size)) {
          writeAside(library, file, size);
        }
      }
    } catch (IOException e) {
      throw new DeviceException("OpenCV's native library cannot be unpacked to " + file, e);
    }
    return file;
  }

  private static void writeAside(InputStream library, Path file, long size) throws IOException {
    Files.createDirectories(file.getParent());
    Path aside = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
    try {
      Files.copy(library, aside, StandardCopyOption.REPLACE_EXISTING);
      if (!isWhole(aside, size)) {
        throw new IOException("expected " + size + " bytes, wrote " + Files.size(aside));
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Windows does not replace a library in use: another process may have been faster.
      if (!isWhole(file, size)) {
        throw e;
      }
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static boolean isWhole(Path file, long size) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == size;
  }

  private static String platform(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String arch = architecture(osArch.toLowerCase(Locale.ROOT));
    if (os.startsWith("windows")) {
      return "windows/" + arch + "/" + Core.NATIVE_LIBRARY_NAME + ".dll";
    }
    if (os.startsWith("mac")) {
      return "osx/" + arch + "/lib" + Core.NATIVE_LIBRARY_NAME + ".dylib";
    }
    return os + "/" + arch + "/lib" + Core.NATIVE_LIBRARY_NAME + ".so";
  }

  private static String architecture(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64", "x64" -> "x86_64";
      case "aarch64", "arm64" -> "ARMv8";
      case "arm" -> "ARMv7";
      case "x86", "i386", "i686" -> "x86_32";
      default -> osArch;
    };
  }
}
