package dev.mast3r.model;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.StoredPrecision;
import dev.mast3r.weights.TensorData;
import dev.mast3r.weights.TensorEncoder;
import dev.mast3r.weights.WeightCheck;
import dev.mast3r.weights.WeightFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Writes the network as one TorchScript file: code and fp32 weights. {@code torch.jit.load} takes
 * it in Python and C++ with nothing of this program; its methods {@code encode} and {@code decode}
 * are those of the program's own network. Memory does not grow with the model.
 */
public final class ScriptFileWriter {

  private static final String FOLDER = "network/";
  private static final String PICKLE = FOLDER + "data.pkl";

  /** The earliest date of a zip file: the same model gives the same bytes. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;

  private ScriptFileWriter(ZipOutputStream zip) {
    this.zip = zip;
  }

  /**
   * Writes all weights that the network reads.
   *
   * @param manifest what is known of the model, as JSON, for {@link ScriptFile#read}
   * @param out is left open
   * @throws ModelException if the weights are not those of their configuration
   */
  public static void write(WeightFile weights, String manifest, OutputStream out)
      throws IOException {
    Map<String, TensorData> tensors = WeightCheck.networkTensors(weights);
    ZipOutputStream zip = new ZipOutputStream(out);
    ScriptFileWriter writer = new ScriptFileWriter(zip);
    writer.copyCode();
    writer.put(PICKLE, ScriptPickle.of(weights.config(), tensors));
    writer.put(FOLDER + ScriptFile.CONFIG, weights.config().toJson());
    writer.put(FOLDER + ScriptFile.MANIFEST, manifest);
    int number = 0;
    for (TensorData tensor : tensors.values()) {
      writer.put(FOLDER + "data/" + number++, tensor);
    }
    zip.finish();
  }

  /** All of the code-only archive but its empty data. */
  private void copyCode() throws IOException {
    try (InputStream code = ProductLibrary.ENGINE.openCode();
        ZipInputStream entries = new ZipInputStream(code)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (!entry.getName().equals(PICKLE)) {
          put(entry.getName(), entries.readAllBytes());
        }
      }
    }
  }

  private void put(String name, String text) throws IOException {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(DATE);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /** Not compressed, so that readers can map it; the format then wants the checksum beforehand. */
  private void put(String name, TensorData tensor) throws IOException {
    TensorEncoder encoder = new TensorEncoder(StoredPrecision.FP32);
    CRC32 checksum = new CRC32();
    encoder.write(tensor, new CheckedOutputStream(OutputStream.nullOutputStream(), checksum));
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(DATE);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(tensor.info().elements() * Float.BYTES);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    encoder.write(tensor, zip);
    zip.closeEntry();
  }
}
