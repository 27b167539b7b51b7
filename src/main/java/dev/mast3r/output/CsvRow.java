package dev.mast3r.output;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A line of comma-separated values (RFC 4180). A row is always one line: a line end in a cell
 * becomes a space.
 */
public final class CsvRow {

  private CsvRow() {}

  /** Returns the row without a line end; cells are quoted where they need it. */
  public static String of(List<String> cells) {
    return cells.stream().map(CsvRow::quoted).collect(Collectors.joining(","));
  }

  private static String quoted(String cell) {
    String line = cell.replaceAll("\\R", " ");
    boolean plain = line.equals(line.strip()) && line.indexOf(',') < 0 && line.indexOf('"') < 0;
    return plain ? line : "\"" + line.replace("\"", "\"\"") + "\"";
  }
}
