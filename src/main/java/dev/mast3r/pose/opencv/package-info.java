/**
 * The robust searches behind {@link dev.mast3r.pose.EssentialPose} and {@link
 * dev.mast3r.pose.PnpPose}, by OpenCV's USAC framework. {@code Mat}s do not leave this package;
 * {@link dev.mast3r.image.OpenCvLibrary#load} must have run.
 */
package dev.mast3r.pose.opencv;
