package dev.mast3r.pose.opencv;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.eval.AucCurve;
import dev.mast3r.eval.PoseError;
import dev.mast3r.image.ImageLimits;
import dev.mast3r.image.ImageReader;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.MatchSet;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseProblem;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.sift.SiftMatcher;
import dev.mast3r.sift.SiftOptions;
import dev.mast3r.testsupport.GroundTruthPair;
import dev.mast3r.testsupport.OpenCvForTests;
import dev.mast3r.testsupport.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIFT and the essential matrix over photographs with known poses, beside what a script around
 * OpenCV's Python module makes of the same pairs. Run it with {@code -Dtest.excludedGroups=
 * -Dtest.groups=slow}; the table goes to {@code target/sift-baseline.txt}.
 */
@Tag("slow")
class SiftBaselineTest {

  private static final double[] THRESHOLDS_DEG = {5, 10, 20};

  /** The random search differs: 3 points of AUC are allowed for. */
  private static final double TOLERANCE = 0.03;

  private static final PoseOptions OPTIONS =
      PoseOptions.defaults().withMethod(PoseMethod.ESSENTIAL);

  @BeforeAll
  static void loadOpenCv() {
    OpenCvForTests.load();
  }

  static Stream<Path> lists() throws IOException {
    try (Stream<Path> files = Files.walk(TestData.folder(), 2)) {
      return files
          .filter(file -> file.getFileName().toString().matches("pairs.*\\.txt"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("lists")
  void isAsGoodAsTheScript(Path list) throws IOException {
    List<Double> errors = errors(list);
    double[] ours = auc(errors);
    double[] baseline = auc(baselineErrors(list));

    Files.writeString(
        Path.of("target", "sift-baseline.txt"),
        String.format(
            "%-42s AUC@5/10/20 %s, script %s%n",
            list.getParent().getFileName() + "/" + list.getFileName(),
            percent(ours),
            percent(baseline)),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    for (int i = 0; i < ours.length; i++) {
      assertTrue(
          ours[i] >= baseline[i] - TOLERANCE,
          list + ": " + percent(ours) + " below " + percent(baseline));
    }
  }

  private static List<Double> errors(Path list) throws IOException {
    SiftMatcher matcher = new SiftMatcher(SiftOptions.defaults());
    RelativePoseEstimator estimator = OpenCvPoseEstimators.forMethod(OPTIONS.method());
    List<Double> errors = new ArrayList<>();
    for (GroundTruthPair pair : GroundTruthPair.read(list)) {
      MatchSet matches = matcher.match(read(pair.imageA()), read(pair.imageB()));
      PoseProblem problem =
          new PoseProblem(matches, pair.intrinsicsA(), pair.intrinsicsB(), Optional.empty());
      PoseResult result = estimator.estimate(problem, OPTIONS);
      errors.add(
          result instanceof PoseResult.Found found
              ? PoseError.of(pair.bFromA(), found.bFromA()).poseErrorDeg()
              : Double.POSITIVE_INFINITY);
    }
    return errors;
  }

  private static List<Double> baselineErrors(Path list) throws IOException {
    String name = list.getFileName().toString().replace("pairs", "baseline-sift");
    List<String> lines = Files.readAllLines(list.resolveSibling(name.replace(".txt", ".csv")));
    List<String> header = Arrays.asList(lines.get(0).split(",", -1));
    int rotation = header.indexOf("rot_err_deg");
    int translation = header.indexOf("trans_err_deg");
    List<Double> errors = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> fields = List.of(line.split(",", -1));
      errors.add(Math.max(degrees(fields.get(rotation)), degrees(fields.get(translation))));
    }
    return errors;
  }

  private static double degrees(String field) {
    return field.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(field);
  }

  private static double[] auc(List<Double> errors) {
    return Arrays.stream(THRESHOLDS_DEG).map(AucCurve.of(errors)::areaUpTo).toArray();
  }

  private static String percent(double[] areas) {
    return String.format(
        Locale.ROOT, "%5.1f %5.1f %5.1f", 100 * areas[0], 100 * areas[1], 100 * areas[2]);
  }

  private static RgbImage read(Path file) {
    return ImageReader.read(file, ImageLimits.defaults()).pixels();
  }
}
