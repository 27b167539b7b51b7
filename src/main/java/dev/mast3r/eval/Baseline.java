package dev.mast3r.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The figures that a benchmark once had, which it should not fall short of.
 *
 * @param benchmark which one, such as {@code pairs}
 * @param items how many pairs or frames it had: other data give other figures
 * @param madeWith what made the figures (model, seed, version), for readers; it is not compared
 * @param entries by the figure's name; a figure that is not among them is not held to anything
 */
public record Baseline(
    String benchmark, int items, Map<String, String> madeWith, Map<String, Entry> entries) {

  /**
   * What a figure is held to.
   *
   * @param value infinite if there was nothing to measure, which anything is as good as
   * @param slack by how much the figure may be worse
   */
  public record Entry(double value, Slack slack) {}

  public Baseline {
    madeWith = Collections.unmodifiableMap(new LinkedHashMap<>(madeWith));
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /**
   * Makes a baseline of figures.
   *
   * @param before the baseline that this one replaces: its slacks stay, and a figure that it leaves
   *     out stays out
   */
  public static Baseline of(
      String benchmark,
      int items,
      Map<String, String> madeWith,
      List<Figure> figures,
      Optional<Baseline> before) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Figure figure : figures) {
      Optional<Entry> old = before.map(baseline -> baseline.entries.get(figure.name()));
      if (before.isEmpty() || old.isPresent()) {
        Slack slack = old.map(Entry::slack).orElse(figure.slack());
        entries.put(figure.name(), new Entry(figure.value(), slack));
      }
    }
    return new Baseline(benchmark, items, madeWith, entries);
  }

  /** Sets figures beside the baseline, in the figures' order; those that it leaves out are not. */
  public List<Comparison> compare(List<Figure> figures) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Figure figure : figures) {
      Optional.ofNullable(entries.get(figure.name()))
          .ifPresent(entry -> comparisons.add(new Comparison(figure, entry)));
    }
    return comparisons;
  }

  /** Returns the first figure of the baseline that is not among the given ones. */
  public Optional<String> unknown(List<Figure> figures) {
    List<String> known = figures.stream().map(Figure::name).toList();
    return entries.keySet().stream().filter(name -> !known.contains(name)).findFirst();
  }

  /** A figure beside what it is held to. */
  public record Comparison(Figure figure, Entry baseline) {

    /** Returns by how much the figure is better than the baseline; negative if it is worse. */
    public double gain() {
      if (figure.value() == baseline.value()) {
        return 0;
      }
      double more = figure.value() - baseline.value();
      return figure.higherIsBetter() ? more : -more;
    }

    /** Returns by how much the figure may be worse, in its unit. */
    public double allowed() {
      return baseline.slack().at(baseline.value());
    }

    /** Returns whether the figure is worse than the baseline by more than the slack. */
    public boolean regressed() {
      return -gain() > allowed() + 1e-9;
    }
  }
}
