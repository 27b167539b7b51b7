package dev.mast3r.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Checkpoints that no program may load: each was made to break, fill or own its reader. */
final class HostileCheckpoints {

  static final Path SOUND = Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth");

  private static final List<String> CALLS =
      List.of(
          "os system",
          "posix system",
          "nt system",
          "subprocess Popen",
          "subprocess check_output",
          "builtins eval",
          "builtins exec",
          "builtins __import__",
          "builtins getattr",
          "__builtin__ eval",
          "__builtin__ execfile",
          "runpy run_path",
          "importlib import_module",
          "pty spawn",
          "shutil rmtree",
          "socket create_connection",
          "operator attrgetter",
          "functools partial",
          "pickle loads",
          "torch load",
          "torch.hub load",
          "torch._utils _rebuild_tensor",
          "torch.serialization load",
          "torch.jit load",
          "numpy.core.multiarray _reconstruct",
          "argparse Namespace.__init__",
          "collections OrderedDict.fromkeys",
          "pathlib PosixPath.write_text");

  private static final List<String> PATHS =
      List.of(
          "../0",
          "../../../../etc/passwd",
          "/etc/passwd",
          "..\\..\\windows\\win.ini",
          "C:\\windows\\win.ini",
          "//server/share",
          "~/.ssh/id_rsa",
          "0/../../0",
          "./0",
          "0\0.txt",
          "%2e%2e/0",
          "file:///etc/passwd");

  private HostileCheckpoints() {}

  static byte[] soundBytes() {
    try {
      return Files.readAllBytes(SOUND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sound file, cut off at every 64th of its length and within its first and last bytes. */
  static List<byte[]> cutOff() {
    byte[] sound = soundBytes();
    List<byte[]> files = new ArrayList<>();
    for (int length : new int[] {0, 1, 3, 4, 5, 29, 30, 31, 100}) {
      files.add(Arrays.copyOf(sound, length));
    }
    for (int part = 1; part < 64; part++) {
      files.add(Arrays.copyOf(sound, sound.length / 64 * part));
    }
    for (int missing : new int[] {1, 2, 21, 22, 23, 46, 68}) {
      files.add(Arrays.copyOf(sound, sound.length - missing));
    }
    return files;
  }

  /**
   * The sound file with a false number in its directory: the method, both sizes or the offset of an
   * entry that is read, or the place or size of the directory itself.
   */
  static List<byte[]> forgedDirectories() {
    byte[] sound = soundBytes();
    ByteBuffer zip = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
    int end = sound.length - 22;
    List<byte[]> files = new ArrayList<>();
    int[] lies = {0, 1, -1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE, sound.length, 1 << 20};
    int entry = zip.getInt(end + 16);
    int seen = 0;
    while (entry < end) {
      int nameBytes = zip.getShort(entry + 28);
      String name = new String(sound, entry + 46, nameBytes, StandardCharsets.US_ASCII);
      boolean read = name.endsWith("/data.pkl") || name.endsWith("/byteorder");
      if (read || (name.contains("/data/") && seen++ % 60 == 0)) {
        for (int lie : lies) {
          files.add(withInt(sound, entry + 20, lie));
          files.add(withInt(sound, entry + 24, lie));
          files.add(
              withInt(sound, entry + 42, entry == zip.getInt(end + 16) && lie == 0 ? 2 : lie));
        }
        files.add(withShort(sound, entry + 10, 8));
        files.add(withShort(sound, entry + 8, 1));
      }
      entry += 46 + nameBytes + zip.getShort(entry + 30) + zip.getShort(entry + 32);
    }
    // the file has a Zip64 record, which counts instead of the one at its end
    int end64 = (int) zip.getLong(end - 12);
    for (int lie : lies) {
      files.add(withInt(sound, end64 + 40, lie));
      files.add(withInt(sound, end64 + 48, lie));
    }
    return files;
  }

  private static byte[] withInt(byte[] bytes, int at, int value) {
    byte[] forged = bytes.clone();
    ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return forged;
  }

  private static byte[] withShort(byte[] bytes, int at, int value) {
    byte[] forged = bytes.clone();
    ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
    return forged;
  }

  /**
   * Pickles that would call a function which writes {@code marker}, by every opcode that calls, in
   * a place that is reached.
   */
  static List<byte[]> callingPickles(Path marker) {
    String command = "touch '" + marker + "'";
    List<byte[]> files = new ArrayList<>();
    for (String call : CALLS) {
      String[] name = call.split(" ", 2);
      files.add(
          zip(new PickleWriter().global(name[0], name[1]).text(command).op(0x85).op('R').stop()));
      files.add(
          zip(
              TorchFixture.pickle(
                  TorchFixture.MODEL,
                  pickle ->
                      pickle.text("a").global(name[0], name[1]).text(command).op(0x85).op('R'))));
    }
    for (String call : CALLS.subList(0, 8)) {
      String[] name = call.split(" ", 2);
      // a text is pushed, then the name looked up by its two texts: protocol 4
      files.add(zip(shortText(name[0]).append(shortText(name[1])).op(0x93).text(command).done()));
      files.add(zip(new PickleWriter().op('(').text(command).raw(instance(name)).stop()));
      files.add(
          zip(new PickleWriter().op('(').global(name[0], name[1]).text(command).op('o').stop()));
      files.add(
          zip(new PickleWriter().global(name[0], name[1]).text(command).op(0x85).op(0x81).stop()));
    }
    // allowed names, called for what they are not
    files.add(
        zip(new PickleWriter().global("collections", "OrderedDict").text("x").raw("R").stop()));
    files.add(zip(new PickleWriter().global("argparse", "Namespace").text("x").raw("R").stop()));
    files.add(
        zip(new PickleWriter().global("torch", "FloatStorage").text("x").op(0x85).op('R').stop()));
    files.add(
        zip(
            new PickleWriter()
                .global("torch._utils", "_rebuild_tensor_v2")
                .text("x")
                .op(0x85)
                .op('R')
                .stop()));
    // an extension of the registry, and a persistent identifier in text form
    files.add(zip(new PickleWriter().op(0x82).op(1).stop()));
    files.add(zip(new PickleWriter().raw("Pstorage\n").stop()));
    return files;
  }

  private static String instance(String[] name) {
    return "i" + name[0] + "\n" + name[1] + "\n";
  }

  /** Bytes of a pickle of protocol 4. */
  private record Protocol4(ByteArrayOutputStream bytes) {
    Protocol4 append(Protocol4 other) {
      byte[] tail = other.bytes.toByteArray();
      bytes.write(tail, 2, tail.length - 2);
      return this;
    }

    Protocol4 op(int opcode) {
      bytes.write(opcode);
      return this;
    }

    Protocol4 text(String text) {
      return append(shortText(text));
    }

    byte[] done() {
      return op(0x85).op('R').op('.').bytes.toByteArray();
    }
  }

  private static Protocol4 shortText(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0x80, 4, (byte) 0x8c, (byte) text.length()});
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return new Protocol4(bytes);
  }

  /** Small files that would become large, or that would be read again and again. */
  static List<byte[]> bombs() {
    List<byte[]> files = new ArrayList<>();
    byte[] pickle = TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors);
    byte[] deflated = deflated(64 << 20);
    for (long claimed : new long[] {deflated.length, 64 << 20, 0xffff_fff0L}) {
      files.add(
          new StoredZip()
              .add("a/data.pkl", deflated, 0, 8, claimed)
              .add("a/data/0", pickle)
              .bytes());
    }
    StoredZip data = new StoredZip().add("a/data.pkl", pickle);
    files.add(data.add("a/data/0", deflated, headerOfNext(data), 8, 64 << 20).bytes());
    // a thousand storages over the same bytes
    StoredZip overlapping =
        new StoredZip()
            .add(
                "a/data.pkl",
                TorchFixture.pickle(
                    TorchFixture.MODEL,
                    writer -> {
                      for (int i = 0; i < 1000; i++) {
                        int key = i;
                        writer
                            .text("t" + i)
                            .tensor(
                                () -> writer.storage("FloatStorage", "" + key, 4),
                                0,
                                new long[] {4},
                                new long[] {1});
                      }
                    }));
    int header = headerOfNext(overlapping);
    for (int i = 0; i < 1000; i++) {
      overlapping.add("a/data/" + i, TorchFixture.floats(1, 2, 3, 4), header, 0, 16);
    }
    files.add(overlapping.bytes());
    // lists that double with every level, were they ever walked
    PickleWriter laughs = new PickleWriter().raw("]q\0");
    for (int level = 0; level < 60; level++) {
      laughs.raw("](h").op(level).raw("h").op(level).raw("eq").op(level + 1);
    }
    files.add(zip(laughs.stop()));
    files.add(zip(new PickleWriter().raw("(".repeat(1 << 20)).stop()));
    files.add(zip(new PickleWriter().raw("]".repeat(1 << 20)).stop()));
    files.add(zip(new PickleWriter().raw(")".repeat(100_000)).stop()));
    // tuples in tuples: a walk that calls itself would end with the stack
    PickleWriter nested = new PickleWriter().raw(")");
    for (int level = 0; level < 100_000; level++) {
      nested.op(0x85);
    }
    files.add(zip(nested.stop()));
    for (long length : new long[] {0x7fff_ffffL, 0xffff_ffffL, 1 << 30}) {
      files.add(zip(new PickleWriter().op('X').int32(length).stop()));
    }
    files.add(zip(new PickleWriter().raw("Nr").int32(0x7fff_ffffL).stop()));
    return files;
  }

  private static int headerOfNext(StoredZip zip) {
    byte[] bytes = zip.bytes();
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 6);
  }

  private static byte[] deflated(int zeros) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(new byte[zeros]);
      deflater.finish();
      byte[] out = new byte[zeros / 500];
      return Arrays.copyOf(out, deflater.deflate(out));
    } finally {
      deflater.end();
    }
  }

  /** Entries that stand twice, in one folder or in two. */
  static List<byte[]> duplicates() {
    byte[] pickle = TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors);
    byte[] data = TorchFixture.floats(1, 2, 3, 4);
    List<byte[]> files = new ArrayList<>();
    for (String name : List.of("data.pkl", "byteorder", "data/0", "version")) {
      files.add(TorchFixture.zip(pickle).add("archive/" + name, data).bytes());
    }
    for (String folder : List.of("b", "archive ", "Archive")) {
      files.add(TorchFixture.zip(pickle).add(folder + "/data.pkl", pickle).bytes());
    }
    return files;
  }

  /** Storages and folders whose names are paths to elsewhere. */
  static List<byte[]> traversingPaths() {
    List<byte[]> files = new ArrayList<>();
    for (String path : PATHS) {
      byte[] pickle =
          TorchFixture.pickle(
              TorchFixture.MODEL,
              writer ->
                  writer
                      .text("a")
                      .tensor(
                          () -> writer.storage("FloatStorage", path, 4),
                          0,
                          new long[] {4},
                          new long[] {1}));
      files.add(TorchFixture.zip(pickle).bytes());
      files.add(
          TorchFixture.zip(pickle)
              .add("archive/data/" + path, TorchFixture.floats(1, 2, 3, 4))
              .bytes());
      files.add(new StoredZip().add(path + "/data.pkl", pickle).bytes());
    }
    return files;
  }

  private static byte[] zip(byte[] pickle) {
    return TorchFixture.zip(pickle).bytes();
  }
}
