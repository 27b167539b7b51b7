/**
 * What makes a list of pairs a good batch job: the list itself, files that appear whole or not at
 * all, progress, and going on after a kill. Knows nothing of what is done with a pair.
 */
package dev.mast3r.batch;
