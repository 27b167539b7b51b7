package dev.mast3r.batch;

import dev.mast3r.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Image pairs in the order of a list file.
 *
 * <p>Plain text, UTF-8: one pair a line, fields separated by white space, double quotes around a
 * path with spaces, {@code #} at the start of a field opens a comment, blank lines are skipped.
 * Every line has one of these layouts (matrices row by row):
 *
 * <pre>
 * A B
 * A B fxA fyA cxA cyA fxB fyB cxB cyB
 * A B K_A(9) K_B(9)
 * A B K_A(9) K_B(9) T_AtoB(16)
 * A B turnsA turnsB K_A(9) K_B(9) T_AtoB(16)
 * </pre>
 *
 * <p>The last is SuperGlue's: by so many quarter turns, counter-clockwise, its evaluation turns the
 * images as they are loaded; the matrices are those before the turns. Turning changes neither
 * rotation nor direction errors.
 *
 * <p>A file named {@code *.csv}, or text whose first line names the columns {@code image_a} and
 * {@code image_b}, is comma-separated with a header. Further columns that are understood: {@code
 * fx_a fy_a cx_a cy_a}, the same with {@code _b}, and {@code qw qx qy qz tx ty tz} for the motion
 * from A to B. The columns of a group stand together or not at all, so do its cells in a row; other
 * columns are ignored.
 *
 * <p>Intrinsics are in pixels of the original image, without skew; translations in any unit.
 *
 * @param source the list's name, for messages
 * @param pairs at least one
 */
public record PairList(String source, List<PairEntry> pairs) {

  public PairList {
    pairs = List.copyOf(pairs);
  }

  /**
   * Reads and checks a whole list file.
   *
   * @param root what relative paths start from; the list's own folder if absent
   * @throws InputException if the file cannot be read, has no pair or has a malformed line; the
   *     message names the first such line, what was expected and what was found
   */
  public static PairList read(Path file, Optional<Path> root) {
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(reader, file.toString(), root.orElse(folder));
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such pair list", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot read the pair list: " + e.getMessage(), e);
    }
  }

  /**
   * Reads and checks a list from a stream, such as standard input; leaves it open.
   *
   * @param source what messages call the list
   * @throws InputException as {@link #read(Path, Optional)} does
   */
  public static PairList read(Reader reader, String source, Path root) {
    List<ListLine> lines = significantLines(reader, source);
    if (lines.isEmpty()) {
      throw new InputException(source + ": expected at least one pair, found none");
    }
    boolean csv = source.endsWith(".csv") || CsvPairs.isHeader(lines.get(0));
    return new PairList(source, csv ? CsvPairs.parse(lines, root) : PlainPairs.parse(lines, root));
  }

  private static List<ListLine> significantLines(Reader reader, String source) {
    List<ListLine> lines = new ArrayList<>();
    BufferedReader buffered = new BufferedReader(reader);
    try {
      int number = 0;
      for (String text = buffered.readLine(); text != null; text = buffered.readLine()) {
        number++;
        // a byte order mark is no part of the first path
        String line = (number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          lines.add(new ListLine(source, number, line));
        }
      }
    } catch (CharacterCodingException e) {
      throw new InputException(source + ": expected text in UTF-8, found other bytes", e);
    } catch (IOException e) {
      throw new InputException(source + ": cannot read the pair list: " + e.getMessage(), e);
    }
    return lines;
  }
}
