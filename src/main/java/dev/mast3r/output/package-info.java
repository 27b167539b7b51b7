/**
 * Results as files, one format a class: matches, poses, raw maps, point clouds. Writers write to a
 * stream that the caller opens and closes; coordinates are pixels of the original upright image
 * with (0,0) at the centre of the top-left pixel unless a format says otherwise.
 */
package dev.mast3r.output;
