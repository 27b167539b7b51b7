package dev.mast3r.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Maps regions of a file read-only. Neighbours share a mapping of up to 1 GiB: one mapping for a
 * whole file cannot exceed 2 GiB, and one for each region could exceed the number of mappings that
 * an operating system allows.
 */
final class MappedRegions {

  /** {@code length} bytes from {@code offset} on, within the file. */
  record Region(long offset, int length) {
    long end() {
      return offset + length;
    }
  }

  private static final long MAPPING_BYTES = 1L << 30;

  private MappedRegions() {}

  /**
   * Returns one read-only buffer a region, in the order given.
   *
   * @throws IllegalArgumentException if a region ends past the file: such a mapping could only fail
   *     later, and then kill the process
   */
  static List<ByteBuffer> map(FileChannel channel, List<Region> regions) throws IOException {
    long fileBytes = channel.size();
    List<Integer> byOffset = new ArrayList<>();
    for (int i = 0; i < regions.size(); i++) {
      if (regions.get(i).offset() < 0 || regions.get(i).end() > fileBytes) {
        throw new IllegalArgumentException(
            regions.get(i) + " of a file of " + fileBytes + " bytes");
      }
      byOffset.add(i);
    }
    byOffset.sort(Comparator.comparingLong(i -> regions.get(i).offset()));

    ByteBuffer[] buffers = new ByteBuffer[regions.size()];
    for (int first = 0; first < byOffset.size(); ) {
      long start = regions.get(byOffset.get(first)).offset();
      long end = regions.get(byOffset.get(first)).end();
      int next = first + 1;
      while (next < byOffset.size()) {
        long extended = Math.max(end, regions.get(byOffset.get(next)).end());
        if (extended - start > MAPPING_BYTES) {
          break;
        }
        end = extended;
        next++;
      }
      MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, start, end - start);
      for (int k = first; k < next; k++) {
        Region region = regions.get(byOffset.get(k));
        buffers[byOffset.get(k)] =
            mapping.slice(Math.toIntExact(region.offset() - start), region.length());
      }
      first = next;
    }
    return List.of(buffers);
  }
}
