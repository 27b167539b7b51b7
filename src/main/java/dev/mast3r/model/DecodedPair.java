package dev.mast3r.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.mast3r.model.PairNetwork.ViewSize;

/**
 * An ordered pair between decoders and heads. Holds native memory until it is closed, and needs its
 * encoded images until then.
 */
public final class DecodedPair implements AutoCloseable {

  private final PtNDManager scope;
  private final PtNDArray[] layers;
  private final ViewSize a;
  private final ViewSize b;
  private final Wanted wanted;

  DecodedPair(PtNDManager scope, PtNDArray[] layers, ViewSize a, ViewSize b, Wanted wanted) {
    this.scope = scope;
    this.layers = layers;
    this.a = a;
    this.b = b;
    this.wanted = wanted;
  }

  PtNDArray[] layers() {
    return layers;
  }

  ViewSize a() {
    return a;
  }

  ViewSize b() {
    return b;
  }

  Wanted wanted() {
    return wanted;
  }

  @Override
  public void close() {
    scope.close();
  }
}
