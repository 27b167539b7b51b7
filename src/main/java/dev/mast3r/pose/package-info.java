/**
 * Correspondences and pointmaps to a relative pose: essential matrix, PnP, Procrustes, focal
 * length, metric scale. Pure maths over geometry and dense maps; estimators backed by OpenCV stand
 * in {@code pose.opencv}.
 */
package dev.mast3r.pose;
