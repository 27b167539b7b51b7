package dev.mast3r.batch;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.geometry.Rigid3;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A comma-separated pair list, read by the names in its header. */
final class CsvPairs {

  private static final String IMAGE_A = "image_a";
  private static final String IMAGE_B = "image_b";
  private static final List<String> CAMERA_A = List.of("fx_a", "fy_a", "cx_a", "cy_a");
  private static final List<String> CAMERA_B = List.of("fx_b", "fy_b", "cx_b", "cy_b");
  private static final List<String> MOTION = List.of("qw", "qx", "qy", "qz", "tx", "ty", "tz");

  private final Map<String, Integer> columns;
  private final int width;
  private final Path root;

  private CsvPairs(ListLine header, Path root) {
    this.root = root;
    this.columns = new HashMap<>();
    List<String> names = split(header);
    this.width = names.size();
    for (int i = 0; i < width; i++) {
      if (columns.putIfAbsent(names.get(i), i) != null) {
        throw header.malformed("every column once", ListLine.quoted(names.get(i)) + " twice");
      }
    }
    if (!columns.containsKey(IMAGE_A) || !columns.containsKey(IMAGE_B)) {
      throw header.malformed(
          "a header with the columns image_a and image_b", ListLine.quoted(header.text()));
    }
    for (List<String> group : List.of(CAMERA_A, CAMERA_B, MOTION)) {
      List<String> present = group.stream().filter(columns::containsKey).toList();
      if (!present.isEmpty() && present.size() < group.size()) {
        throw header.malformed(
            "all of the columns " + String.join(", ", group), String.join(", ", present));
      }
    }
  }

  /** Returns whether the line names the two columns that every such list has. */
  static boolean isHeader(ListLine line) {
    List<String> names = List.of(line.text().replace("\"", "").split("\\s*,\\s*", -1));
    return names.contains(IMAGE_A) && names.contains(IMAGE_B);
  }

  static List<PairEntry> parse(List<ListLine> lines, Path root) {
    CsvPairs table = new CsvPairs(lines.get(0), root);
    if (lines.size() == 1) {
      throw lines.get(0).malformed("at least one pair below the header", "none");
    }
    List<PairEntry> pairs = new ArrayList<>();
    for (ListLine line : lines.subList(1, lines.size())) {
      pairs.add(table.row(line));
    }
    return pairs;
  }

  private PairEntry row(ListLine line) {
    List<String> cells = split(line);
    if (cells.size() != width) {
      throw line.malformed(width + " columns as in the header", Integer.toString(cells.size()));
    }
    return new PairEntry(
        image(line, cells, IMAGE_A, CAMERA_A),
        image(line, cells, IMAGE_B, CAMERA_B),
        motion(line, cells));
  }

  private ListedImage image(ListLine line, List<String> cells, String column, List<String> camera) {
    String name = cells.get(columns.get(column));
    String label = column.equals(IMAGE_A) ? "A" : "B";
    Optional<Intrinsics> intrinsics =
        group(line, cells, camera).map(fields -> line.intrinsics(label, fields));
    return new ListedImage(name, line.path(root, name), intrinsics, QuarterTurns.NONE);
  }

  private Optional<Rigid3> motion(ListLine line, List<String> cells) {
    return group(line, cells, MOTION).map(line::quaternionMotion);
  }

  /** Returns the cells of a group of columns, or nothing if they are absent or all empty. */
  private Optional<List<String>> group(ListLine line, List<String> cells, List<String> names) {
    if (!columns.containsKey(names.get(0))) {
      return Optional.empty();
    }
    List<String> values = names.stream().map(name -> cells.get(columns.get(name))).toList();
    List<String> missing = names.stream().filter(n -> cells.get(columns.get(n)).isEmpty()).toList();
    if (missing.size() == names.size()) {
      return Optional.empty();
    }
    if (!missing.isEmpty()) {
      throw line.malformed(
          "a number in every column of " + String.join(", ", names),
          "nothing in " + String.join(", ", missing));
    }
    return Optional.of(values);
  }

  /** Splits by RFC 4180; a quoted cell cannot run over the end of a line. */
  private static List<String> split(ListLine line) {
    String text = line.text();
    List<String> cells = new ArrayList<>();
    int at = 0;
    while (true) {
      int start = skipBlanks(text, at);
      if (start < text.length() && text.charAt(start) == '"') {
        StringBuilder cell = new StringBuilder();
        at = unquote(line, start + 1, cell);
        cells.add(cell.toString());
      } else {
        int comma = text.indexOf(',', start);
        at = comma < 0 ? text.length() : comma;
        cells.add(text.substring(Math.min(start, at), at).strip());
      }
      if (at == text.length()) {
        return cells;
      }
      at++;
    }
  }

  private static int skipBlanks(String text, int at) {
    int start = at;
    while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  /** Reads a quoted cell from behind its quote; returns where the comma or the line's end is. */
  private static int unquote(ListLine line, int from, StringBuilder cell) {
    String text = line.text();
    int at = from;
    while (true) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        throw line.malformed("a closing double quote", "the end of the line");
      }
      cell.append(text, at, quote);
      if (quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
        cell.append('"');
        at = quote + 2;
        continue;
      }
      int end = skipBlanks(text, quote + 1);
      if (end < text.length() && text.charAt(end) != ',') {
        throw line.malformed(
            "a comma after a closing double quote", ListLine.quoted(text.substring(end, end + 1)));
      }
      return end;
    }
  }
}
