package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.weights.MappedRegions.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedRegionsTest {

  @TempDir Path folder;

  /** The file is sparse: 5 GiB long, a few pages on disk. */
  @Test
  void mapsRegionsFartherApartThanOneMappingCanSpan() throws IOException {
    List<Long> offsets = List.of(5L << 30, 3L, (2L << 30) - 1, 1L << 31);
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("large"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      for (int i = 0; i < offsets.size(); i++) {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) (i + 1)}), offsets.get(i));
      }

      List<ByteBuffer> buffers =
          MappedRegions.map(channel, offsets.stream().map(o -> new Region(o, 1)).toList());

      for (int i = 0; i < offsets.size(); i++) {
        assertEquals(1, buffers.get(i).remaining());
        assertEquals(i + 1, buffers.get(i).get(0));
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> MappedRegions.map(channel, List.of(new Region(5L << 30, 2))));
    }
  }
}
