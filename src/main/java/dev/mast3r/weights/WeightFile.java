package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model's weights on disk, mapped, and the configuration of the network that they are for.
 *
 * <p>Nothing is read of the tensors' data before it is used. The mappings live as long as this
 * value or one of its tensors is referenced; meanwhile the file must neither be truncated nor, on
 * some systems, can it be deleted.
 */
public final class WeightFile {

  /** The name of the configuration beside a safetensors file. */
  public static final String CONFIG_NAME = "config.json";

  /** The name of the weights in a model's folder. */
  public static final String WEIGHTS_NAME = "model.safetensors";

  /** The first four bytes of a zip file, "PK" 3 4. */
  private static final int ZIP_SIGNATURE = 0x504b0304;

  private static final long LONGEST_CONFIG = 1 << 20;

  private final Path path;
  private final ModelConfig config;
  private final Map<String, TensorData> tensors;
  private final Supplier<List<String>> damaged;

  private WeightFile(
      Path path,
      ModelConfig config,
      Map<String, TensorData> tensors,
      Supplier<List<String>> damaged) {
    this.path = path;
    this.config = config;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.damaged = damaged;
  }

  /**
   * Opens a folder with {@value #WEIGHTS_NAME} and {@value #CONFIG_NAME}, a safetensors file with
   * {@value #CONFIG_NAME} beside it, or an official {@code .pth}; which it is is told by its
   * content. Whether the tensors are those that the configuration asks for is {@link WeightCheck}'s
   * to say.
   *
   * @throws ModelException if there is no such file, or it is damaged or of another kind; the
   *     message names the file
   */
  public static WeightFile open(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(WEIGHTS_NAME) : path;
    Contents contents =
        reading(
            file,
            () -> {
              try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return isZip(channel)
                    ? Contents.of(TorchCheckpoint.read(channel))
                    : new Contents(Optional.empty(), SafeTensors.read(channel), List::of);
              }
            });
    ModelConfig config =
        contents.config().orElseGet(() -> readConfig(file.resolveSibling(CONFIG_NAME)));
    return new WeightFile(file, config, contents.tensors(), contents.damaged());
  }

  /** A safetensors file has no configuration of its own, and no checksums. */
  private record Contents(
      Optional<ModelConfig> config,
      Map<String, TensorData> tensors,
      Supplier<List<String>> damaged) {
    static Contents of(TorchCheckpoint checkpoint) {
      return new Contents(
          Optional.of(checkpoint.config()), checkpoint.tensors(), checkpoint.damaged());
    }
  }

  private static boolean isZip(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(4);
    return channel.read(start, 0) == 4 && start.getInt(0) == ZIP_SIGNATURE;
  }

  private static ModelConfig readConfig(Path file) {
    return reading(
        file,
        () -> {
          if (Files.size(file) > LONGEST_CONFIG) {
            throw new ModelException("larger than any configuration");
          }
          return ModelConfigJson.parse(Files.readString(file));
        });
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T reading(Path file, Reading<T> reading) {
    try {
      return reading.read();
    } catch (ModelException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new ModelException(file + ": no such file", e);
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e, e);
    }
  }

  /** Returns the file that holds the tensors. */
  public Path path() {
    return path;
  }

  public ModelConfig config() {
    return config;
  }

  /**
   * Returns the tensors by name, read-only. A tensor that stands in the file under two names is
   * here under both, with the same data.
   */
  public Map<String, TensorData> tensors() {
    return tensors;
  }

  /** Reads all data and returns one line for each part that differs from the file's checksums. */
  List<String> damaged() {
    return damaged.get();
  }
}
