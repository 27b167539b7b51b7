package dev.mast3r.match;

import dev.mast3r.error.UsageException;

/** How descriptors are compared. All ways give the same result; they differ in speed. */
public enum KernelChoice {
  /** The engine where the network runs on a GPU, else the vector kernel, else the scalar one. */
  AUTO,
  /** Plain Java, available everywhere. */
  SCALAR,
  /** The JDK's vector module, available where Java was started with it. */
  VECTOR,
  /**
   * The engine's matrix products, where the network's maps are: from a GPU only matches come back.
   */
  ENGINE;

  /** Returns whether this process has the vector module, or may load it. */
  public static boolean vectorIsAvailable() {
    return VectorModule.isAvailable();
  }

  /** Returns whether the engine compares descriptors of a network on such a device. */
  public boolean isEngine(boolean onGpu) {
    return this == ENGINE || (this == AUTO && onGpu);
  }

  /**
   * Returns the choice where there are no maps in the engine: {@link #ENGINE} has no loops here.
   */
  public KernelChoice inJava() {
    return this == ENGINE ? AUTO : this;
  }

  /**
   * Returns {@link #SCALAR} or {@link #VECTOR}: what the choice comes to in this process.
   *
   * @throws UsageException if the vector kernel is asked for and not available
   */
  public KernelChoice resolve() {
    if (this == VECTOR && !vectorIsAvailable()) {
      throw new UsageException(
          "the vector kernel needs Java to be started with --add-modules " + VectorModule.NAME);
    }
    if (this == ENGINE) {
      throw new IllegalArgumentException("the engine's products are no loops in Java");
    }
    return this == AUTO ? (vectorIsAvailable() ? VECTOR : SCALAR) : this;
  }

  /** Returns what the choice comes to in this process and why, for people to read. */
  public String description() {
    String kernel = kernel().name();
    if (this == AUTO && resolve() == SCALAR) {
      return kernel + ", as Java was started without the module " + VectorModule.NAME;
    }
    return kernel;
  }

  /** Returns the kernel, to be shared by threads. */
  SimilarityKernel kernel() {
    if (resolve() == SCALAR) {
      return new ScalarKernel();
    }
    try {
      // by name: without the module the class could not even be loaded
      return Class.forName("dev.mast3r.match.VectorKernel")
          .asSubclass(SimilarityKernel.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the vector kernel cannot be made", e);
    }
  }
}
