package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class WholeFileInputTest {

  @Test
  void readsBytesBitsAndRanges() throws IOException {
    try (WholeFileInput input = new WholeFileInput(new byte[] {1, 2, (byte) 0xf0, 4, 5})) {
      assertEquals(5, input.length());
      assertEquals(1, input.read());
      input.seek(2);
      assertEquals(0xf, input.readBits(4));
      assertEquals(0xf0, input.read(), "a byte begins anew");
      assertEquals(4, input.read());
      byte[] range = new byte[4];
      assertEquals(1, input.read(range, 1, 3));
      assertArrayEquals(new byte[] {0, 5, 0, 0}, range);
      assertEquals(-1, input.read(range, 0, 4));
    }
  }

  @Test
  void stopsADecoderThatGoesOnBehindTheEnd() throws IOException {
    try (WholeFileInput input = new WholeFileInput(new byte[2])) {
      input.seek(2);
      for (int i = 0; i < 1000; i++) {
        assertEquals(-1, input.read());
      }
      IOException failure = assertThrows(IOException.class, input::read);
      assertEquals("its data end too early", failure.getMessage());
    }
  }
}
