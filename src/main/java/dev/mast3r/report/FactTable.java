package dev.mast3r.report;

import java.util.List;

/**
 * Facts under one heading, such as a pose or the settings of a run.
 *
 * @param heading what they are about
 * @param facts in the order of the page
 */
public record FactTable(String heading, List<Fact> facts) {

  /**
   * A name and what is to be said of it, as plain text.
   *
   * @param value may have several lines
   */
  public record Fact(String name, String value) {}

  public FactTable {
    facts = List.copyOf(facts);
  }
}
