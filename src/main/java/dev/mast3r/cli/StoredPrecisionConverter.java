package dev.mast3r.cli;

import dev.mast3r.error.UsageException;
import dev.mast3r.weights.StoredPrecision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A precision as {@link StoredPrecision} reads it. */
final class StoredPrecisionConverter implements ITypeConverter<StoredPrecision> {

  @Override
  public StoredPrecision convert(String text) {
    try {
      return StoredPrecision.parse(text);
    } catch (UsageException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
