package dev.mast3r.app;

import dev.mast3r.output.CsvPose;
import dev.mast3r.output.JsonPose;
import dev.mast3r.output.MapFreePose;
import dev.mast3r.output.PoseReport;
import dev.mast3r.output.TumPose;
import java.util.Optional;

/** How poses are written. */
public enum PoseFormat {
  /** One JSON object a line. */
  JSON,
  CSV,
  /** The Map-free benchmark's submission lines; pairs without a pose are left out. */
  MAPFREE,
  /** The TUM RGB-D benchmark's trajectory lines; pairs without a pose are left out. */
  TUM;

  /** Returns the first line of a file, if the format has one. */
  public Optional<String> header() {
    return this == CSV ? Optional.of(CsvPose.HEADER) : Optional.empty();
  }

  /** Returns the line of a pair; empty where the format cannot say that there is no pose. */
  public Optional<String> line(PoseReport report) {
    return switch (this) {
      case JSON -> Optional.of(JsonPose.line(report));
      case CSV -> Optional.of(CsvPose.line(report));
      case MAPFREE -> MapFreePose.line(report);
      case TUM -> TumPose.line(report);
    };
  }
}
