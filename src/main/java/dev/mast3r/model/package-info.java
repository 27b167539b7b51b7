/**
 * The network, run by an engine: images in, dense maps out. The only package that sees the engine's
 * classes; none of them leaves it. The network's code is a resource of this package, its weights
 * come from {@link dev.mast3r.weights.WeightFile}.
 */
package dev.mast3r.model;
