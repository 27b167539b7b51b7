package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.output.PoseReport.Camera;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoseFilesTest {

  /** A quarter turn about z: x goes to y. */
  private static final Rigid3 B_FROM_A =
      new Rigid3(Rotation3.of(new double[] {0, -1, 0, 1, 0, 0, 0, 0, 1}), new Point3(0.1, -2, 3));

  private static final PoseReport FOUND =
      report("a.png", "b.png", new PoseResult.Found(PoseMethod.ESSENTIAL, B_FROM_A, true, 3, 2));
  private static final PoseReport NOT_FOUND =
      report(
          "a.png",
          "b.png",
          new PoseResult.NotFound(PoseMethod.PNP, PoseResult.Reason.TOO_FEW_MATCHES, 4));
  private static final PoseReport FAILED =
      PoseReport.failed("a, \"1\".png", "b.png", "a.png: no image,\nreally", "tiny");

  private static PoseReport report(String a, String b, PoseResult result) {
    return PoseReport.of(
        a,
        b,
        result,
        new Camera(994.978, "list"),
        new Camera(500, "pointmap"),
        "tiny",
        new StageSeconds(1.5, 0.25, 0.1234567, 2, 1e-7, 0));
  }

  @Test
  void jsonHasTheFieldsOfTheContractInOrder() {
    assertEquals(
        "{\"image_a\":\"a.png\",\"image_b\":\"b.png\",\"method\":\"essential\",\"success\":true,"
            + "\"rotation\":[[0,-1,0],[1,0,0],[0,0,1]],"
            + "\"quaternion_wxyz\":[0.707106781187,0,0,0.707106781187],"
            + "\"translation\":[0.1,-2,3],\"metric\":true,"
            + "\"matches\":3,\"inliers\":2,\"inlier_ratio\":0.666666666667,"
            + "\"focal_a\":994.978,\"focal_b\":500,"
            + "\"intrinsics_source_a\":\"list\",\"intrinsics_source_b\":\"pointmap\","
            + "\"model\":\"tiny\",\"seconds\":{\"load\":1.5,\"decode\":0.25,\"encode\":0.123457,"
            + "\"decode_network\":2,\"match\":0,\"pose\":0}}",
        JsonPose.line(FOUND));
  }

  @Test
  void jsonOfAPairWithoutAPoseSaysWhy() {
    assertEquals(
        "{\"image_a\":\"a.png\",\"image_b\":\"b.png\",\"method\":\"pnp\",\"success\":false,"
            + "\"reason\":\"too few matches\",\"rotation\":null,\"quaternion_wxyz\":null,"
            + "\"translation\":null,\"metric\":null,\"matches\":4,\"inliers\":null,"
            + "\"inlier_ratio\":null,\"focal_a\":994.978,\"focal_b\":500,"
            + "\"intrinsics_source_a\":\"list\",\"intrinsics_source_b\":\"pointmap\","
            + "\"model\":\"tiny\",\"seconds\":{\"load\":1.5,\"decode\":0.25,\"encode\":0.123457,"
            + "\"decode_network\":2,\"match\":0,\"pose\":0}}",
        JsonPose.line(NOT_FOUND));
  }

  @Test
  void jsonOfAPairThatFailedEarlierSaysWhyOnOneLine() {
    String line = JsonPose.line(FAILED);

    assertEquals(
        "{\"image_a\":\"a, \\\"1\\\".png\",\"image_b\":\"b.png\",\"method\":null,"
            + "\"success\":false,\"reason\":\"a.png: no image,\\nreally\",",
        line.substring(0, line.indexOf("\"rotation\"")));
  }

  @Test
  void csvHasARowAPair() {
    assertEquals(
        "image_a,image_b,method,success,reason,qw,qx,qy,qz,tx,ty,tz,metric,matches,inliers,"
            + "inlier_ratio,focal_a,focal_b,intrinsics_source_a,intrinsics_source_b,model",
        CsvPose.HEADER);
    assertEquals(
        "a.png,b.png,essential,true,,0.707106781187,0,0,0.707106781187,0.1,-2,3,true,3,2,"
            + "0.666666666667,994.978,500,list,pointmap,tiny",
        CsvPose.line(FOUND));
    assertEquals(
        "a.png,b.png,pnp,false,too few matches,,,,,,,,,4,,,994.978,500,list,pointmap,tiny",
        CsvPose.line(NOT_FOUND));
    assertEquals(
        "\"a, \"\"1\"\".png\",b.png,,false,\"a.png: no image, really\",,,,,,,,,,,,,,,,tiny",
        CsvPose.line(FAILED));
  }

  @Test
  void mapFreeHasNineFieldsAndOmitsFailures() {
    PoseReport query =
        report(
            "seq0/frame_00000.jpg",
            "seq1/frame_00005.jpg",
            new PoseResult.Found(PoseMethod.PNP, B_FROM_A, true, 30, 20));

    assertEquals(
        Optional.of("seq1/frame_00005.jpg 0.707106781187 0 0 0.707106781187 0.1 -2 3 20"),
        MapFreePose.line(query));
    assertEquals(Optional.empty(), MapFreePose.line(NOT_FOUND));
    assertEquals(Optional.empty(), MapFreePose.line(FAILED));
  }

  @Test
  void tumHasThePoseOfCameraBInCameraAsFrame() {
    // x_A = R^T (x_B - t), so camera B stands at -R^T t = (2, 0.1, -3)
    assertEquals(
        Optional.of("b.png 2 0.1 -3 0 0 -0.707106781187 0.707106781187"), TumPose.line(FOUND));
    assertEquals(Optional.empty(), TumPose.line(NOT_FOUND));
  }

  @Test
  void tumTakesANumericFileNameAsTimestamp() {
    PoseReport frame =
        report(
            "rgb/1.png",
            "rgb/1305031102.175304.png",
            new PoseResult.Found(PoseMethod.PNP, Rigid3.identity(), true, 9, 9));

    assertEquals(Optional.of("1305031102.175304 0 0 0 0 0 0 1"), TumPose.line(frame));
  }

  @Test
  void namesThatWouldBeMisreadAreRefused() {
    PoseReport spaced = report("a", "my b.png", FOUND.result().orElseThrow());

    assertEquals(
        "\"my b.png\": the Map-free format allows neither spaces nor # in a name",
        assertThrows(InputException.class, () -> MapFreePose.line(spaced)).getMessage());
    assertEquals(
        "\"my b.png\": the TUM format allows neither spaces nor # in a name",
        assertThrows(InputException.class, () -> TumPose.line(spaced)).getMessage());
  }

  @Test
  void aReportHasEitherAResultOrAFailure() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new PoseReport(
                "a",
                "b",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "m",
                StageSeconds.none()));
  }
}
