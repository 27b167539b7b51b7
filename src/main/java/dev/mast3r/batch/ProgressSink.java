package dev.mast3r.batch;

/** Is told how a list advances. All calls come in order, from one thread at a time. */
public interface ProgressSink {

  /**
   * The list begins.
   *
   * @param total how many items it has
   * @param finished how many of them an earlier run has finished
   */
  void started(int total, int finished);

  /** One more item worked out. */
  void succeeded(String name);

  /** One more item failed, and why. */
  void failed(String name, String reason);

  /** The list ended, or was given up. */
  void ended();

  /** Returns a sink that says nothing. */
  static ProgressSink quiet() {
    return new ProgressSink() {
      @Override
      public void started(int total, int finished) {}

      @Override
      public void succeeded(String name) {}

      @Override
      public void failed(String name, String reason) {}

      @Override
      public void ended() {}
    };
  }
}
