package dev.mast3r.output;

import com.google.gson.stream.JsonWriter;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Quaternion;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.output.PoseReport.Camera;
import dev.mast3r.pose.PoseResult;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Optional;

/**
 * The pose of a pair, {@code x_B = R x_A + t}, as one JSON object on one line, so that many make a
 * JSONL file.
 *
 * <p>Fields, in this order: {@code image_a, image_b, method} (essential, pnp or procrustes), {@code
 * success, reason} (only without success), {@code rotation} (three rows of three), {@code
 * quaternion_wxyz, translation, metric} (whether the translation is in metres; else it has unit
 * norm), {@code matches, inliers, inlier_ratio, focal_a, focal_b, intrinsics_source_a,
 * intrinsics_source_b, model} and {@code seconds} with {@code load, decode, encode, decode_network,
 * match, pose}. A field that has no value is {@code null}. Numbers of a pose carry 12 significant
 * digits.
 */
public final class JsonPose {

  private JsonPose() {}

  /** Returns the object, without a line end. */
  public static String line(PoseReport report) {
    StringWriter text = new StringWriter();
    try {
      write(text, report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Writer out, PoseReport report) throws IOException {
    Optional<PoseResult.Found> pose = report.pose();
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    json.name("image_a").value(report.imageA());
    json.name("image_b").value(report.imageB());
    json.name("method").value(report.method().orElse(null));
    json.name("success").value(pose.isPresent());
    if (report.reason().isPresent()) {
      json.name("reason").value(report.reason().get());
    }
    writePose(json, pose);
    json.name("matches").value(report.result().map(PoseResult::matches).orElse(null));
    json.name("inliers").value(pose.map(PoseResult.Found::inliers).orElse(null));
    json.name("inlier_ratio");
    number(json, pose.map(PoseResult.Found::inlierRatio));
    json.name("focal_a");
    number(json, report.cameraA().map(Camera::focalPx));
    json.name("focal_b");
    number(json, report.cameraB().map(Camera::focalPx));
    json.name("intrinsics_source_a").value(report.cameraA().map(Camera::source).orElse(null));
    json.name("intrinsics_source_b").value(report.cameraB().map(Camera::source).orElse(null));
    json.name("model").value(report.model());
    writeSeconds(json, report.seconds());
    json.endObject();
    json.flush();
  }

  private static void writePose(JsonWriter json, Optional<PoseResult.Found> pose)
      throws IOException {
    if (pose.isEmpty()) {
      json.name("rotation").nullValue();
      json.name("quaternion_wxyz").nullValue();
      json.name("translation").nullValue();
      json.name("metric").nullValue();
      return;
    }
    Rotation3 rotation = pose.get().bFromA().rotation();
    json.name("rotation").beginArray();
    for (int row = 0; row < 3; row++) {
      array(json, rotation.get(row, 0), rotation.get(row, 1), rotation.get(row, 2));
    }
    json.endArray();
    Quaternion q = rotation.toQuaternion();
    json.name("quaternion_wxyz");
    array(json, q.w(), q.x(), q.y(), q.z());
    Point3 t = pose.get().bFromA().translation();
    json.name("translation");
    array(json, t.x(), t.y(), t.z());
    json.name("metric").value(pose.get().metric());
  }

  private static void writeSeconds(JsonWriter json, StageSeconds seconds) throws IOException {
    json.name("seconds").beginObject();
    json.name("load").jsonValue(Decimal.JSON.seconds(seconds.load()));
    json.name("decode").jsonValue(Decimal.JSON.seconds(seconds.decode()));
    json.name("encode").jsonValue(Decimal.JSON.seconds(seconds.encode()));
    json.name("decode_network").jsonValue(Decimal.JSON.seconds(seconds.decodeNetwork()));
    json.name("match").jsonValue(Decimal.JSON.seconds(seconds.match()));
    json.name("pose").jsonValue(Decimal.JSON.seconds(seconds.pose()));
    json.endObject();
  }

  private static void array(JsonWriter json, double... values) throws IOException {
    json.beginArray();
    for (double value : values) {
      json.jsonValue(Decimal.JSON.pose(value));
    }
    json.endArray();
  }

  private static void number(JsonWriter json, Optional<Double> value) throws IOException {
    json.jsonValue(value.map(Decimal.JSON::pose).orElse("null"));
  }
}
