package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Lookup3Test {

  @Test
  void givesTheValuesThatItsAuthorPublished() {
    byte[] text = "Four score and seven years ago".getBytes(StandardCharsets.US_ASCII);

    assertEquals(0xdeadbeef, Lookup3.hash(text, 0));
    assertEquals(0x17770551, Lookup3.hash(text, text.length));
  }
}
