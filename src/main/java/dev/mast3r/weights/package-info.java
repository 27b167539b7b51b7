/**
 * Weight files as data: safetensors and PyTorch checkpoints read in place, the configuration of the
 * network that they are for, and the check that one fits the other. A weight file is foreign input:
 * nothing in it is executed, every length is checked before it is used, and whatever is wrong with
 * it is a {@link dev.mast3r.error.ModelException} of one line. No engine is called here.
 */
package dev.mast3r.weights;
