package dev.mast3r.output;

import dev.mast3r.error.InputException;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Matches as HDF5 in the layout of hloc (Hierarchical-Localization), the most confident first. One
 * file serves as its matches and as its features:
 *
 * <pre>
 * A/B/matches0          int32   [n]     index of the keypoint of B for every keypoint of A: 0 to n - 1
 * A/B/matching_scores0  float32 [n]
 * A/B/keypoints0        float32 [n, 2]  x, y in A, as its dense matchers keep them
 * A/B/keypoints1        float32 [n, 2]  x, y in B
 * A/B/scores            float32 [n]
 * A/keypoints           float32 [n, 2]
 * B/keypoints           float32 [n, 2]
 * </pre>
 *
 * <p>A and B are the names of the images; in the name of the pair a slash becomes a hyphen, in a
 * name of its own it makes a group in a group.
 */
public final class H5Matches {

  private H5Matches() {}

  /**
   * Writes one pair.
   *
   * @throws InputException if both images have the same name, which the layout cannot express
   */
  public static void write(OutputStream out, String imageA, String imageB, MatchSet matches)
      throws IOException {
    if (imageA.equals(imageB)) {
      throw new InputException(
          "the .h5 layout needs two different image names, found \"" + imageA + "\" twice");
    }
    List<Correspondence> all = matches.correspondences();
    int n = all.size();
    float[] a = interleave(all, Correspondence::xA, Correspondence::yA);
    float[] b = interleave(all, Correspondence::xB, Correspondence::yB);
    int[] index = new int[n];
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) {
      index[i] = i;
      scores[i] = (float) all.get(i).confidence();
    }
    H5Group root = new H5Group();
    H5Group pair = root.group(imageA.replace('/', '-') + "/" + imageB.replace('/', '-'));
    pair.putInts("matches0", index, n);
    pair.putFloats("matching_scores0", scores, n);
    pair.putFloats("keypoints0", a, n, 2);
    pair.putFloats("keypoints1", b, n, 2);
    pair.putFloats("scores", scores, n);
    root.group(imageA).putFloats("keypoints", a, n, 2);
    root.group(imageB).putFloats("keypoints", b, n, 2);
    H5Writer.write(out, root);
  }

  private static float[] interleave(
      List<Correspondence> all,
      ToDoubleFunction<Correspondence> first,
      ToDoubleFunction<Correspondence> second) {
    float[] values = new float[2 * all.size()];
    for (int i = 0; i < all.size(); i++) {
      values[2 * i] = (float) first.applyAsDouble(all.get(i));
      values[2 * i + 1] = (float) second.applyAsDouble(all.get(i));
    }
    return values;
  }
}
