package dev.mast3r.model;

import ai.djl.pytorch.engine.PtNDArray;
import dev.mast3r.image.RgbImage;

/**
 * An image as the network's encoder sees it. It depends on that image alone, so that it is made
 * once for all pairs of the image, on either side. Holds native memory until it is closed, or until
 * the network that made it is.
 */
public final class EncodedImage implements AutoCloseable {

  private final PairNetwork network;
  private final PtNDArray features;
  private final int width;
  private final int height;

  EncodedImage(PairNetwork network, PtNDArray features, RgbImage image) {
    this.network = network;
    this.features = features;
    this.width = image.width();
    this.height = image.height();
  }

  PairNetwork network() {
    return network;
  }

  /** Returns the tokens, 1 x N x C. */
  PtNDArray features() {
    return features;
  }

  /** Returns the width of the image, in network pixels. */
  public int width() {
    return width;
  }

  /** Returns the height of the image, in network pixels. */
  public int height() {
    return height;
  }

  /** Returns the native memory held, for caches. */
  public long byteCount() {
    return features.size() * features.getDataType().getNumOfBytes();
  }

  @Override
  public void close() {
    features.close();
  }
}
