/**
 * Dense image matching and metric relative pose (MASt3R, arXiv 2406.09756) from the command line
 * and from Java.
 */
package dev.mast3r;
