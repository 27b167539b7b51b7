package dev.mast3r.batch;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.geometry.Rigid3;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plain-text layouts of a pair list, told apart by their number of fields. */
final class PlainPairs {

  private PlainPairs() {}

  static List<PairEntry> parse(List<ListLine> lines, Path root) {
    List<PairEntry> pairs = new ArrayList<>();
    for (ListLine line : lines) {
      pairs.add(parse(line, root));
    }
    return pairs;
  }

  private static PairEntry parse(ListLine line, Path root) {
    List<String> fields = split(line);
    ListedImage a;
    ListedImage b;
    Optional<Rigid3> bFromA = Optional.empty();
    switch (fields.size()) {
      case 2 -> {
        a = image(line, root, fields.get(0), Optional.empty(), QuarterTurns.NONE);
        b = image(line, root, fields.get(1), Optional.empty(), QuarterTurns.NONE);
      }
      case 10 -> {
        a =
            image(
                line,
                root,
                fields.get(0),
                focals(line, "A", fields.subList(2, 6)),
                QuarterTurns.NONE);
        b =
            image(
                line,
                root,
                fields.get(1),
                focals(line, "B", fields.subList(6, 10)),
                QuarterTurns.NONE);
      }
      case 20, 36 -> {
        a =
            image(
                line,
                root,
                fields.get(0),
                matrix(line, "K_A", fields.subList(2, 11)),
                QuarterTurns.NONE);
        b =
            image(
                line,
                root,
                fields.get(1),
                matrix(line, "K_B", fields.subList(11, 20)),
                QuarterTurns.NONE);
        if (fields.size() == 36) {
          bFromA = Optional.of(line.rigidMotion("T_AtoB", fields.subList(20, 36)));
        }
      }
      case 38 -> {
        QuarterTurns turnsA = line.quarterTurns("the turns of A", fields.get(2));
        QuarterTurns turnsB = line.quarterTurns("the turns of B", fields.get(3));
        a = image(line, root, fields.get(0), matrix(line, "K_A", fields.subList(4, 13)), turnsA);
        b = image(line, root, fields.get(1), matrix(line, "K_B", fields.subList(13, 22)), turnsB);
        bFromA = Optional.of(line.rigidMotion("T_AtoB", fields.subList(22, 38)));
      }
      default ->
          throw line.malformed("2, 10, 20, 36 or 38 columns", Integer.toString(fields.size()));
    }
    return new PairEntry(a, b, bFromA);
  }

  private static ListedImage image(
      ListLine line, Path root, String name, Optional<Intrinsics> intrinsics, QuarterTurns turns) {
    return new ListedImage(name, line.path(root, name), intrinsics, turns);
  }

  private static Optional<Intrinsics> focals(ListLine line, String image, List<String> fields) {
    return Optional.of(line.intrinsics(image, fields));
  }

  private static Optional<Intrinsics> matrix(ListLine line, String column, List<String> fields) {
    return Optional.of(line.cameraMatrix(column, fields));
  }

  private static List<String> split(ListLine line) {
    String text = line.text();
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.charAt(at) == '#') {
        break;
      } else if (text.charAt(at) == '"') {
        int close = text.indexOf('"', at + 1);
        if (close < 0) {
          throw line.malformed("a closing double quote", "the end of the line");
        }
        if (close + 1 < text.length() && !Character.isWhitespace(text.charAt(close + 1))) {
          throw line.malformed(
              "white space after a closing double quote",
              ListLine.quoted(text.substring(close + 1, close + 2)));
        }
        fields.add(text.substring(at + 1, close));
        at = close + 1;
      } else {
        int end = at;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
        fields.add(text.substring(at, end));
        at = end;
      }
    }
    return fields;
  }
}
