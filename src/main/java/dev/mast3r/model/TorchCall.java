package dev.mast3r.model;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.mast3r.error.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One call of a method of a scripted module. Owns the native values of its arguments and of its
 * result until it is closed.
 */
final class TorchCall implements AutoCloseable {

  private final PtSymbolBlock module;
  private final String method;
  private final List<IValue> arguments = new ArrayList<>();
  private final List<IValue> results = new ArrayList<>();

  TorchCall(PtSymbolBlock module, String method) {
    this.module = module;
    this.method = method;
  }

  TorchCall with(PtNDArray array) {
    arguments.add(IValue.from(array));
    return this;
  }

  TorchCall with(PtNDArray[] arrays) {
    arguments.add(IValue.listFrom(arrays));
    return this;
  }

  TorchCall with(Map<String, PtNDArray> arrays) {
    arguments.add(IValue.stringMapFrom(arrays));
    return this;
  }

  TorchCall with(long value) {
    arguments.add(IValue.from(value));
    return this;
  }

  TorchCall with(double value) {
    arguments.add(IValue.from(value));
    return this;
  }

  TorchCall with(boolean value) {
    arguments.add(IValue.from(value));
    return this;
  }

  TorchCall with(String value) {
    arguments.add(IValue.from(value));
    return this;
  }

  /**
   * Runs the method; the result lives until this call is closed.
   *
   * @throws dev.mast3r.error.DeviceMemoryException if the device has not the memory
   * @throws DeviceException if the engine fails otherwise
   */
  IValue run() {
    // a setting of the thread; with the optimiser each new image size is compiled twice
    JniUtils.setGraphExecutorOptimize(false);
    try {
      IValue result = IValueUtils.runMethod(module, method, arguments.toArray(IValue[]::new));
      results.add(result);
      return result;
    } catch (EngineException e) {
      throw TorchEngine.failure(method, e);
    }
  }

  @Override
  public void close() {
    results.forEach(IValue::close);
    arguments.forEach(IValue::close);
  }
}
