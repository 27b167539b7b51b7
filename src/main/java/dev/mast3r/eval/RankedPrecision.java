package dev.mast3r.eval;

import java.util.Comparator;
import java.util.List;

/**
 * Precision over a ranking by confidence, as the Map-free benchmark computes its AUC (arXiv
 * 2210.05494, section 5.1).
 *
 * <p>Answers are taken from the most confident on. After each group of equal confidence, recall is
 * the share of all frames that were answered so far, right or wrong, and precision the share of
 * right ones among them. The area adds up every step of recall times the precision at its end: with
 * all confidences equal it is the precision, and frames without an answer keep it below 1.
 */
public final class RankedPrecision {

  private final List<Answer> ranked;
  private final int unanswered;

  /**
   * Ranks answers.
   *
   * @param unanswered frames without a pose, not negative
   * @throws IllegalArgumentException if there is no frame at all
   */
  public RankedPrecision(List<Answer> answers, int unanswered) {
    if (unanswered < 0 || answers.size() + unanswered == 0) {
      throw new IllegalArgumentException(
          "at least one frame is needed, found "
              + answers.size()
              + " answers and "
              + unanswered
              + " frames without");
    }
    this.ranked =
        answers.stream().sorted(Comparator.comparingDouble(Answer::confidence).reversed()).toList();
    this.unanswered = unanswered;
  }

  /** Returns the share of all frames that were answered rightly, 0 to 1. */
  public double precision() {
    return (double) ranked.stream().filter(Answer::correct).count() / frames();
  }

  /** Returns the share of all frames that were answered, 0 to 1. */
  public double answered() {
    return (double) ranked.size() / frames();
  }

  /** Returns the area under precision over recall, 0 to 1. */
  public double auc() {
    double area = 0;
    int correct = 0;
    int lastRank = 0;
    for (int rank = 1; rank <= ranked.size(); rank++) {
      Answer answer = ranked.get(rank - 1);
      correct += answer.correct() ? 1 : 0;
      boolean endsGroup =
          rank == ranked.size() || ranked.get(rank).confidence() != answer.confidence();
      if (endsGroup) {
        double precision = (double) correct / rank;
        area += precision * (rank - lastRank) / frames();
        lastRank = rank;
      }
    }
    return area;
  }

  private int frames() {
    return ranked.size() + unanswered;
  }

  /**
   * One answered frame.
   *
   * @param confidence not negative; larger is surer
   * @param correct whether the errors of the pose are below the thresholds
   */
  public record Answer(double confidence, boolean correct) {

    public Answer {
      if (!(confidence >= 0)) {
        throw new IllegalArgumentException("confidence must not be negative, found " + confidence);
      }
    }
  }
}
