package dev.mast3r.output;

import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Matches as NumPy's {@code .npz}, the most confident first: {@code keypoints_a} and {@code
 * keypoints_b}, float64 [n, 2] of x, y, and {@code confidence}, float32 [n].
 */
public final class NpzMatches {

  private NpzMatches() {}

  public static void write(OutputStream out, MatchSet matches) throws IOException {
    List<Correspondence> all = matches.correspondences();
    double[] a = new double[2 * all.size()];
    double[] b = new double[2 * all.size()];
    float[] confidence = new float[all.size()];
    for (int i = 0; i < all.size(); i++) {
      Correspondence match = all.get(i);
      a[2 * i] = match.xA();
      a[2 * i + 1] = match.yA();
      b[2 * i] = match.xB();
      b[2 * i + 1] = match.yB();
      confidence[i] = (float) match.confidence();
    }
    try (NpzWriter npz = new NpzWriter(out)) {
      npz.write("keypoints_a", NpyArray.float64(a, all.size(), 2));
      npz.write("keypoints_b", NpyArray.float64(b, all.size(), 2));
      npz.write("confidence", NpyArray.float32(confidence, all.size()));
    }
  }
}
