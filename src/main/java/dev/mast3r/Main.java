package dev.mast3r;

/** The entry point of the command line. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(args.length);
  }
}
