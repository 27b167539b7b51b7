package dev.mast3r.match;

/**
 * Two pixels that show the same point of the scene, in pixels of the original upright images, (0,0)
 * being the centre of the top-left pixel.
 *
 * @param confidence the smaller of the two pixels' descriptor confidences; larger is better, range
 *     of the model
 */
public record Correspondence(double xA, double yA, double xB, double yB, double confidence) {}
