package dev.mast3r.model;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A TorchScript archive with the network's code and its weights in one file, as {@link
 * ScriptFileWriter} writes it. Its code is executed when it is opened: whoever made the file can do
 * what the user can do.
 *
 * @param config of the network
 * @param manifest what the file says of the model, as JSON
 */
public record ScriptFile(Path path, ModelConfig config, String manifest) {

  static final String CONFIG = "extra/config.json";
  static final String MANIFEST = "extra/manifest.json";

  private static final int LONGEST_TEXT = 1 << 20;

  /** Returns whether a file is a TorchScript archive of any origin. Executes nothing. */
  public static boolean isOne(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return entry(zip, "constants.pkl").isPresent();
    } catch (IOException e) {
      // no zip file, so none of TorchScript
      return false;
    }
  }

  /**
   * Reads what the file says of itself. Executes nothing.
   *
   * @throws ModelException if it is no archive that this program has written
   */
  public static ScriptFile read(Path path) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return new ScriptFile(path, ModelConfig.parse(text(zip, CONFIG)), text(zip, MANIFEST));
    } catch (IOException e) {
      throw new ModelException(path + ": cannot be read: " + e, e);
    } catch (ModelException e) {
      throw new ModelException(path + ": " + e.getMessage(), e);
    }
  }

  private static String text(ZipFile zip, String name) throws IOException {
    ZipEntry entry =
        entry(zip, name)
            .orElseThrow(
                () ->
                    new ModelException(
                        "TorchScript of another program: expected " + name + ", found none"));
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(LONGEST_TEXT + 1);
      if (bytes.length > LONGEST_TEXT) {
        throw new ModelException(name + ": larger than any");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Finds an entry below the archive's one folder, whose name is arbitrary. */
  private static Optional<? extends ZipEntry> entry(ZipFile zip, String name) {
    return zip.stream()
        .filter(
            entry -> entry.getName().indexOf('/') + 1 == entry.getName().length() - name.length())
        .filter(entry -> entry.getName().endsWith("/" + name))
        .findFirst();
  }
}
