package dev.mast3r.weights;

/** Names out of foreign files, fit for a message of one line. */
final class Quoted {

  private static final int LONGEST = 120;

  private Quoted() {}

  /** Returns the name in single quotes, cut to a sane length, unprintable characters as '?'. */
  static String of(String name) {
    StringBuilder text = new StringBuilder("'");
    name.codePoints()
        .limit(LONGEST)
        .forEach(point -> text.appendCodePoint(isPrintable(point) ? point : '?'));
    return text.append(name.codePointCount(0, name.length()) > LONGEST ? "...'" : "'").toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
