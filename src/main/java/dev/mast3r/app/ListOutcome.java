package dev.mast3r.app;

/**
 * How a list ended.
 *
 * @param total pairs in the list
 * @param failed pairs without a result
 */
public record ListOutcome(int total, int failed) {}
