package dev.mast3r.report;

/**
 * Text that was not written by us, such as a file name, as text of a page and of its attributes.
 */
final class HtmlText {

  private HtmlText() {}

  /** Escapes what HTML would take for markup; what a page may not hold becomes a question mark. */
  static String of(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        case '\n' -> escaped.append("<br>");
        default -> escaped.append(Character.isISOControl(c) ? '?' : c);
      }
    }
    return escaped.toString();
  }
}
