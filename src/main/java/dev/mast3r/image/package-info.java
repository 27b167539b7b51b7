/**
 * Image files to pixels and pixels to network input: decoding with limits, EXIF, resizing, and the
 * one place where pixel frames are converted ({@link dev.mast3r.image.ResizePlan}).
 */
package dev.mast3r.image;
