/**
 * Benchmark metrics: what a pose is off by, and the curves and averages that published tables are
 * made of. Numbers in, numbers out; each metric names the protocol it follows.
 */
package dev.mast3r.eval;
