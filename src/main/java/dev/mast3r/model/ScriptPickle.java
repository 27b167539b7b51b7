package dev.mast3r.model;

import dev.mast3r.weights.ModelConfig;
import dev.mast3r.weights.TensorData;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The state of the scripted network as a pickle of protocol 2, as TorchScript archives hold it: an
 * object of the module's class with its attributes, tensors by number of their data's entry.
 */
final class ScriptPickle {

  private static final String MODULE = "__torch__.network.module PairNetwork";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ScriptPickle() {}

  /** Returns the pickle; tensor number n of the map has the data of entry {@code data/n}. */
  static byte[] of(ModelConfig config, Map<String, TensorData> tensors) {
    ScriptPickle pickle = new ScriptPickle();
    pickle.out.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.global(MODULE).op(')').op(0x81);
    pickle.op('}').op('(');
    pickle.text("training").truth(false);
    pickle.text("_is_full_backward_hook").op('N');
    pickle.text("weights").weights(tensors);
    pickle.text("arch").architecture(config);
    pickle.op('u').op('b').op('.');
    return pickle.out.toByteArray();
  }

  private void weights(Map<String, TensorData> tensors) {
    global("torch.jit._pickle restore_type_tag").op('}').op('(');
    int number = 0;
    for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
      text(entry.getKey());
      tensor(entry.getValue().info().shape(), entry.getValue().info().elements(), number++);
    }
    op('u').text("Dict[str, Tensor]").op(0x86).op('R');
  }

  private void tensor(List<Long> shape, long elements, int number) {
    global("torch._utils _rebuild_tensor_v2").op('(');
    op('(').text("storage").global("torch FloatStorage").text(Integer.toString(number));
    text("cpu").number(elements).op('t').op('Q');
    number(0);
    op('(');
    shape.forEach(this::number);
    op('t').op('(');
    for (int axis = 0; axis < shape.size(); axis++) {
      number(shape.subList(axis + 1, shape.size()).stream().reduce(1L, (a, b) -> a * b));
    }
    op('t').truth(false).global("collections OrderedDict").op(')').op('R').op('t').op('R');
  }

  /** The named tuple of the code, in the order of its fields. */
  private void architecture(ModelConfig config) {
    op('(');
    number(config.patchSize());
    number(config.encoder().depth()).number(config.encoder().heads());
    number(config.decoder().depth()).number(config.decoder().heads());
    real(config.ropeBase());
    text(config.pointsHead().key()).number(config.descriptorDimension());
    text(config.depthMode().key());
    confidence(config.pointConfidence());
    confidence(config.descriptorConfidence());
    truth(config.twoConfidences()).op('t');
  }

  private void confidence(ModelConfig.ConfidenceMode mode) {
    text(mode.curve().key()).real(mode.min()).real(mode.max());
  }

  private ScriptPickle op(int code) {
    out.write(code);
    return this;
  }

  /** Names a class or function, module and name apart by a space. */
  private ScriptPickle global(String name) {
    op('c');
    out.writeBytes((name.replace(' ', '\n') + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private ScriptPickle text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X');
    littleEndian(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** No tensor has 2^31 elements. */
  private ScriptPickle number(long value) {
    op('J');
    littleEndian(Math.toIntExact(value));
    return this;
  }

  private ScriptPickle real(double value) {
    op('G');
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    return this;
  }

  private ScriptPickle truth(boolean value) {
    return op(value ? 0x88 : 0x89);
  }

  private void littleEndian(int value) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(Integer.reverseBytes(value)).array());
  }
}
