package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

class OpenCvLibraryTest {

  @TempDir Path cache;

  @Test
  void loadsTheLibraryOnceHoweverOftenItIsAsked() {
    Path folder = Path.of("target", "opencv");
    List<CompletableFuture<Void>> threads =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.runAsync(() -> OpenCvLibrary.load(folder)))
            .toList();
    threads.forEach(CompletableFuture::join);

    Mat ones = Mat.ones(2, 3, CvType.CV_64F);
    assertEquals(6, Core.sumElems(ones).val[0]);
    ones.release();
  }

  @Test
  void leavesAnUnpackedLibraryAlone() throws IOException {
    Path library = OpenCvLibrary.unpack(cache, "Linux", "arm");
    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(library, old);

    assertEquals(library, OpenCvLibrary.unpack(cache, "Linux", "arm"));
    assertEquals(old, Files.getLastModifiedTime(library));
  }

  @Test
  void replacesALibraryThatWasCutShort() throws IOException {
    Path library = OpenCvLibrary.unpack(cache, "Linux", "arm");
    long size = Files.size(library);
    Files.write(library, new byte[100]);

    OpenCvLibrary.unpack(cache, "Linux", "arm");

    assertEquals(size, Files.size(library));
    try (Stream<Path> left = Files.list(library.getParent())) {
      assertEquals(List.of(library), left.toList());
    }
  }

  @Test
  void keepsPlatformsApart() {
    Path linux = OpenCvLibrary.unpack(cache, "Linux", "arm");
    Path mac = OpenCvLibrary.unpack(cache, "Mac OS X", "aarch64");

    assertTrue(linux.endsWith("linux-ARMv7/libopencv_java490.so"), linux.toString());
    assertTrue(mac.endsWith("osx-ARMv8/libopencv_java490.dylib"), mac.toString());
  }

  @Test
  void saysWhichPlatformHasNoLibrary() {
    DeviceException e =
        assertThrows(DeviceException.class, () -> OpenCvLibrary.unpack(cache, "SunOS", "sparcv9"));

    assertEquals(
        "OpenCV 4.9.0 comes without a native library for SunOS sparcv9, expected the resource"
            + " /nu/pattern/opencv/sunos/sparcv9/libopencv_java490.so",
        e.getMessage());
  }

  @Test
  void saysWhereTheLibraryCannotBeUnpackedTo() throws IOException {
    Path file = Files.createFile(cache.resolve("file"));

    DeviceException e =
        assertThrows(DeviceException.class, () -> OpenCvLibrary.unpack(file, "Linux", "arm"));

    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }
}
