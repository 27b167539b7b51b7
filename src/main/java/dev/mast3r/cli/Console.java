package dev.mast3r.cli;

import java.io.InputStream;
import java.io.PrintWriter;

/**
 * The streams of a run.
 *
 * @param in standard input
 * @param out results only
 * @param err everything else: progress, warnings, errors
 * @param interactive whether {@code err} is a terminal
 */
public record Console(InputStream in, ResultStream out, PrintWriter err, boolean interactive) {}
