package dev.mast3r.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Builds small checkpoints of the official layout for tests, sound ones and forged ones. */
final class TorchFixture {

  static final String MODEL =
      "AsymmetricMASt3R(pos_embed='RoPE100', img_size=(512, 512), head_type='catmlp+dpt',"
          + " output_mode='pts3d+desc24', enc_embed_dim=1024, enc_depth=24, enc_num_heads=16,"
          + " dec_embed_dim=768, dec_depth=12, dec_num_heads=12, two_confs=True)";

  private TorchFixture() {}

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  /** The pickle {@code {args: Namespace(model=...), model: OrderedDict(...), epoch: 7}}. */
  static byte[] pickle(String modelString, Consumer<PickleWriter> tensors) {
    PickleWriter pickle = new PickleWriter().raw("}(");
    pickle.text("args").global("argparse", "Namespace").raw(")").op(0x81);
    pickle.raw("}(").text("model").text(modelString).text("lr").op('G').raw("\0\0\0\0\0\0\0\0");
    pickle.text("resume").raw("Nub").text("model").orderedDict().op('(');
    tensors.accept(pickle);
    pickle.raw("u}(").text("_metadata").orderedDict().raw("ub");
    return pickle.text("epoch").op('K').op(7).op('u').stop();
  }

  /** Two tensors of one storage of four floats, {@code a} [2, 2] and {@code b} its second row. */
  static void twoTensors(PickleWriter pickle) {
    Runnable storage = () -> pickle.storage("FloatStorage", "0", 4);
    pickle.text("a").tensor(storage, 0, new long[] {2, 2}, new long[] {2, 1});
    pickle.text("b").tensor(storage, 2, new long[] {2}, new long[] {1});
  }

  static StoredZip zip(byte[] pickle) {
    return new StoredZip()
        .add("archive/data.pkl", pickle)
        .add("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII))
        .add("archive/data/0", floats(1, 2, 3, 4))
        .add("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] sound() {
    return zip(pickle(MODEL, TorchFixture::twoTensors)).bytes();
  }

  static Path write(Path folder, byte[] bytes) {
    try {
      return Files.write(folder.resolve("checkpoint.pth"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
