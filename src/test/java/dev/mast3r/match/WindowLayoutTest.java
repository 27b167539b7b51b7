package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowLayoutTest {

  private static WindowLayout published(int width, int height) {
    return WindowLayout.of(width, height, 512, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "1600, 1200, 36",
    "1024, 768, 9",
    "1200, 900, 16",
    "540, 720, 4",
    "4032, 3024, 225",
    "512, 384, 1"
  })
  void coversAnImageWithTheKnownNumberOfWindows(int width, int height, int windows) {
    assertEquals(windows, published(width, height).grid().size());
  }

  @Test
  void spreadsTheWindowsEvenlyRowByRow() {
    List<Window> grid = published(1600, 1200).grid();

    assertArrayEquals(
        new int[] {0, 218, 435, 653, 870, 1088},
        grid.stream().limit(6).mapToInt(Window::left).toArray());
    assertArrayEquals(
        new int[] {0, 163, 326, 490, 653, 816},
        grid.stream().filter(window -> window.left() == 0).mapToInt(Window::top).toArray());
    assertEquals(new Window(0, 0, 512, 384), grid.get(0));
    assertEquals(new Window(1088, 816, 1600, 1200), grid.get(35));
  }

  @Test
  void windowsHaveTheImagesOwnAspectInWholePatches() {
    assertEquals(new WindowLayout(3000, 4000, 384, 512), published(3000, 4000));
    assertEquals(new WindowLayout(3072, 2048, 512, 336), published(3072, 2048));
    assertEquals(new WindowLayout(600, 18, 512, 16), published(600, 18));
  }

  @Test
  void keepsAWindowAroundAPointInsideTheImage() {
    WindowLayout layout = published(1600, 1200);

    assertEquals(new Window(544, 408, 1056, 792), layout.around(800, 600));
    assertEquals(new Window(544, 408, 1056, 792), layout.around(800.9, 600.9));
    assertEquals(new Window(0, 0, 512, 384), layout.around(3, 100));
    assertEquals(new Window(1088, 816, 1600, 1200), layout.around(1599, 1300));
  }

  @Property(tries = 200)
  void neighboursOverlapByHalfAndLeaveNoPixelOut(
      @ForAll @IntRange(min = 512, max = 6000) int width,
      @ForAll @IntRange(min = 100, max = 512) int height) {
    List<Window> row =
        published(width, height).grid().stream().filter(window -> window.top() == 0).toList();

    assertEquals(0, row.get(0).left());
    assertEquals(width, row.get(row.size() - 1).right());
    for (int i = 1; i < row.size(); i++) {
      int shared = row.get(i - 1).right() - row.get(i).left();
      assertTrue(shared >= row.get(i).width() / 2 - 1, row.get(i - 1) + " " + row.get(i));
    }
  }

  @Test
  void refusesWindowsLargerThanTheImage() {
    assertThrows(IllegalArgumentException.class, () -> new WindowLayout(500, 500, 512, 384));
  }
}
