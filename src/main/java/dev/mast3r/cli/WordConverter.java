package dev.mast3r.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The constants of an enum as words in lower case; capitals are taken too.
 *
 * @param <E> the enum
 */
final class WordConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final List<E> constants;

  WordConverter(Class<E> type) {
    this.constants = List.of(type.getEnumConstants());
  }

  @Override
  public E convert(String text) {
    return constants.stream()
        .filter(constant -> constant.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> unknown(text));
  }

  private TypeConversionException unknown(String text) {
    List<String> words = constants.stream().map(WordConverter::word).toList();
    return new TypeConversionException(
        "expected "
            + String.join(", ", words.subList(0, words.size() - 1))
            + " or "
            + words.get(words.size() - 1)
            + ", found '"
            + text
            + "'"
            + Spelling.nearest(text, words)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse(""));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
