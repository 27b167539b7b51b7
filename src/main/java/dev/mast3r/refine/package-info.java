/**
 * Moving matches to where the original photos agree best. No network, no files; nothing of the
 * scene is known beside the matches.
 */
package dev.mast3r.refine;
