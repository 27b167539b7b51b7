package dev.mast3r.report;

import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Draws an image pair side by side with its matches.
 *
 * <p>A left, B right, at the same height, scaled so that the drawing is {@value #MIN_WIDTH} to
 * {@value #MAX_WIDTH} pixels wide; the photos are paled a little so that colours stand out. Every
 * match is a small dot in both images, its hue running from red at A's left edge to pink at its
 * right. Of these at most a given number, spread over A and the most confident of their
 * neighbourhoods, are joined by lines. There is no text: a server may have no fonts. The same input
 * gives the same pixels.
 */
public final class MatchDrawing {

  private static final int MIN_WIDTH = 1000;
  private static final int MAX_WIDTH = 1600;

  private static final int GAP = 6;
  private static final double PALENESS = 0.35;
  private static final Color BACKGROUND = new Color(0x20, 0x20, 0x20);
  private static final Color SHADOW = new Color(0, 0, 0, 100);
  private static final float DOT_OPACITY = 0.8f;
  private static final float LINE_OPACITY = 0.75f;

  /** From left to right; about equally light, so that none gets lost on dark or light photos. */
  private static final List<Color> PALETTE =
      List.of(
          new Color(0xff595e),
          new Color(0xff9f1c),
          new Color(0xffd60a),
          new Color(0x7bd83a),
          new Color(0x2ed6b4),
          new Color(0x4fb4fe),
          new Color(0xa78bfa),
          new Color(0xff6bcb));

  private final RgbImage imageA;
  private final RgbImage imageB;
  private final MatchSet matches;
  private final double scaleA;
  private final double scaleB;

  public MatchDrawing(RgbImage imageA, RgbImage imageB, MatchSet matches) {
    this.imageA = imageA;
    this.imageB = imageB;
    this.matches = matches;
    double height = Math.min(imageA.height(), imageB.height());
    double width =
        height * imageA.width() / imageA.height() + height * imageB.width() / imageB.height();
    double target = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width + GAP));
    double common = (target - GAP) / width;
    this.scaleA = common * height / imageA.height();
    this.scaleB = common * height / imageB.height();
  }

  /**
   * Writes the drawing as PNG.
   *
   * @param maxLines how many matches are joined by lines at most
   */
  public void writePng(OutputStream out, int maxLines) throws IOException {
    if (!ImageIO.write(draw(maxLines), "png", out)) {
      throw new IOException("this Java has no PNG writer");
    }
  }

  BufferedImage draw(int maxLines) {
    BufferedImage a = ScaledPhoto.of(imageA, scaleA, PALENESS);
    BufferedImage b = ScaledPhoto.of(imageB, scaleB, PALENESS);
    int offsetB = a.getWidth() + GAP;
    BufferedImage canvas =
        new BufferedImage(
            offsetB + b.getWidth(),
            Math.max(a.getHeight(), b.getHeight()),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(BACKGROUND);
      graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
      graphics.drawImage(a, 0, 0, null);
      graphics.drawImage(b, offsetB, 0, null);
      drawMatches(graphics, offsetB, maxLines);
    } finally {
      graphics.dispose();
    }
    return canvas;
  }

  private void drawMatches(Graphics2D graphics, int offsetB, int maxLines) {
    graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, DOT_OPACITY));
    for (Correspondence match : matches.correspondences()) {
      graphics.setColor(colour(match));
      dots(graphics, match, offsetB, 1.3);
    }
    List<Correspondence> joined =
        SpreadSelection.of(matches, maxLines, imageA.width(), imageA.height());
    for (Correspondence match : joined) {
      Line2D line = new Line2D.Double(xA(match), yA(match), xB(match) + offsetB, yB(match));
      graphics.setComposite(AlphaComposite.SrcOver);
      graphics.setColor(SHADOW);
      graphics.setStroke(new BasicStroke(2.2f));
      graphics.draw(line);
      graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, LINE_OPACITY));
      graphics.setColor(colour(match));
      graphics.setStroke(new BasicStroke(1.1f));
      graphics.draw(line);
    }
    graphics.setComposite(AlphaComposite.SrcOver);
    for (Correspondence match : joined) {
      graphics.setColor(BACKGROUND);
      dots(graphics, match, offsetB, 4.0);
      graphics.setColor(colour(match));
      dots(graphics, match, offsetB, 2.9);
    }
  }

  private void dots(Graphics2D graphics, Correspondence match, int offsetB, double radius) {
    dot(graphics, xA(match), yA(match), radius);
    dot(graphics, xB(match) + offsetB, yB(match), radius);
  }

  private static void dot(Graphics2D graphics, double x, double y, double radius) {
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  private Color colour(Correspondence match) {
    double fraction = Math.max(0, Math.min(1, (match.xA() + 0.5) / imageA.width()));
    double position = fraction * (PALETTE.size() - 1);
    int left = (int) Math.min(position, PALETTE.size() - 2);
    return mix(PALETTE.get(left), PALETTE.get(left + 1), position - left);
  }

  private static Color mix(Color from, Color to, double share) {
    return new Color(
        (int) Math.round(from.getRed() + share * (to.getRed() - from.getRed())),
        (int) Math.round(from.getGreen() + share * (to.getGreen() - from.getGreen())),
        (int) Math.round(from.getBlue() + share * (to.getBlue() - from.getBlue())));
  }

  // Java2D's (0,0) is the corner of the top-left pixel, ours its centre

  private double xA(Correspondence match) {
    return (match.xA() + 0.5) * scaleA;
  }

  private double yA(Correspondence match) {
    return (match.yA() + 0.5) * scaleA;
  }

  private double xB(Correspondence match) {
    return (match.xB() + 0.5) * scaleB;
  }

  private double yB(Correspondence match) {
    return (match.yB() + 0.5) * scaleB;
  }
}
