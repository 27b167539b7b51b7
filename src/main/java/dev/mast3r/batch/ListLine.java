package dev.mast3r.batch;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A line of a list: turns its fields into values, or says where and why it cannot. */
record ListLine(String source, int number, String text) {

  private static final int MAX_QUOTED = 40;

  InputException malformed(String expected, String found) {
    return new InputException(
        source + ":" + number + ": expected " + expected + ", found " + found);
  }

  /** Returns a field in quotes, fit for one line of a message. */
  static String quoted(String field) {
    String printable = field.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= MAX_QUOTED
        ? "\"" + printable + "\""
        : "\"" + printable.substring(0, MAX_QUOTED) + "...\"";
  }

  Path path(Path root, String name) {
    try {
      if (!name.isBlank()) {
        return root.resolve(name);
      }
    } catch (InvalidPathException e) {
      throw new InputException(malformed("a path", quoted(name)).getMessage(), e);
    }
    throw malformed("a path", "nothing");
  }

  double number(String column, String field) {
    try {
      double value = Double.parseDouble(field);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InputException(malformed("a number for " + column, quoted(field)).getMessage(), e);
    }
    throw malformed("a finite number for " + column, quoted(field));
  }

  double[] numbers(String column, List<String> fields) {
    return fields.stream().mapToDouble(field -> number(column, field)).toArray();
  }

  QuarterTurns quarterTurns(String column, String field) {
    double turns = number(column, field);
    if (turns != 0 && turns != 1 && turns != 2 && turns != 3) {
      throw malformed("0, 1, 2 or 3 for " + column, quoted(field));
    }
    return new QuarterTurns((int) turns);
  }

  /** Takes {@code fx, fy, cx, cy} of image A or B. */
  Intrinsics intrinsics(String image, List<String> fields) {
    double[] k = numbers("the intrinsics of " + image, fields);
    return checked(
        "positive focal lengths of " + image,
        fields.get(0) + ", " + fields.get(1),
        () -> new Intrinsics(k[0], k[1], k[2], k[3]));
  }

  /** Takes a 3x3 camera matrix, row by row. */
  Intrinsics cameraMatrix(String column, List<String> fields) {
    double[] k = numbers(column, fields);
    if (k[1] != 0 || k[3] != 0 || k[6] != 0 || k[7] != 0 || k[8] != 1) {
      throw malformed(column + " as fx 0 cx 0 fy cy 0 0 1", String.join(" ", fields));
    }
    return checked(
        "positive focal lengths in " + column,
        fields.get(0) + ", " + fields.get(4),
        () -> new Intrinsics(k[0], k[4], k[2], k[5]));
  }

  /** Takes a 4x4 rigid motion, row by row. */
  Rigid3 rigidMotion(String column, List<String> fields) {
    double[] t = numbers(column, fields);
    if (t[12] != 0 || t[13] != 0 || t[14] != 0 || t[15] != 1) {
      throw malformed(
          "0 0 0 1 as the last row of " + column, String.join(" ", fields.subList(12, 16)));
    }
    double[] r = {t[0], t[1], t[2], t[4], t[5], t[6], t[8], t[9], t[10]};
    Rotation3 rotation = checked("a rotation in " + column, "other numbers", () -> Rotation3.of(r));
    return new Rigid3(rotation, new Point3(t[3], t[7], t[11]));
  }

  /** Takes {@code qw, qx, qy, qz, tx, ty, tz}. */
  Rigid3 quaternionMotion(List<String> fields) {
    double[] m = numbers("the pose", fields);
    Rotation3 rotation =
        checked(
            "a rotation in qw qx qy qz",
            String.join(" ", fields.subList(0, 4)),
            () -> Quaternion.of(m[0], m[1], m[2], m[3]).toRotation());
    return new Rigid3(rotation, new Point3(m[4], m[5], m[6]));
  }

  private <T> T checked(String expected, String found, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new InputException(malformed(expected, found).getMessage(), e);
    }
  }
}
