package dev.mast3r.output;

/**
 * Wall-clock seconds of the stages of one pair; 0 for a stage that was not run.
 *
 * @param load bringing up the model
 * @param decode image files to network input
 * @param encode the network's encoder
 * @param decodeNetwork the network's decoder and heads
 * @param match matching
 * @param pose robust estimation
 */
public record StageSeconds(
    double load, double decode, double encode, double decodeNetwork, double match, double pose) {

  public static StageSeconds none() {
    return new StageSeconds(0, 0, 0, 0, 0, 0);
  }

  /** Returns these seconds and more of some stages. */
  public StageSeconds plus(double moreEncode, double moreDecodeNetwork, double moreMatch) {
    return new StageSeconds(
        load,
        decode,
        encode + moreEncode,
        decodeNetwork + moreDecodeNetwork,
        match + moreMatch,
        pose);
  }
}
