package dev.mast3r.testsupport;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** One line of the test data's pair lists: {@code A B K_A(9) K_B(9) T_AtoB(16)}. */
public record GroundTruthPair(
    Path imageA, Path imageB, Intrinsics intrinsicsA, Intrinsics intrinsicsB, Rigid3 bFromA) {

  private static final Pattern WORDS = Pattern.compile("\\s+");

  public static List<GroundTruthPair> read(Path list) throws IOException {
    return Files.readAllLines(list).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> parse(List.of(WORDS.split(line.trim())), list.resolveSibling(".")))
        .toList();
  }

  private static GroundTruthPair parse(List<String> words, Path folder) {
    double[] n = words.stream().skip(2).mapToDouble(Double::parseDouble).toArray();
    Rotation3 rotation =
        Rotation3.of(new double[] {n[18], n[19], n[20], n[22], n[23], n[24], n[26], n[27], n[28]});
    return new GroundTruthPair(
        folder.resolve(words.get(0)).normalize(),
        folder.resolve(words.get(1)).normalize(),
        new Intrinsics(n[0], n[4], n[2], n[5]),
        new Intrinsics(n[9], n[13], n[11], n[14]),
        new Rigid3(rotation, new Point3(n[21], n[25], n[29])));
  }
}
