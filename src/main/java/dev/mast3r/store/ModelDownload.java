package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Downloads a file, goes on where an earlier attempt ended, and checks what came. The file appears
 * under its name only when it is whole; parts of two versions are never joined.
 */
public final class ModelDownload {

  /** Is told how many bytes are there. */
  public interface Progress {

    /** Takes the bytes there are, and those of the whole file if the server says so. */
    void at(long bytes, OptionalLong total);
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 4;
  private static final int BUFFER_BYTES = 1 << 18;

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int TIMEOUT = 408;
  private static final int BEYOND_THE_END = 416;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final HttpClient client;
  private final Duration pause;

  /**
   * Follows redirects, but never from https to http.
   *
   * @param pause before a broken connection is tried again
   */
  public ModelDownload(Duration pause) {
    this.pause = pause;
    client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build();
  }

  /**
   * Downloads to a file, replacing it if it is there. A connection that breaks is tried again, from
   * where it broke, until several attempts in a row have brought nothing.
   *
   * @return the SHA-256 of the file
   * @throws ModelException if the server refuses, the connection keeps breaking, the file cannot be
   *     written, or size or hash are not the expected ones
   */
  public String fetch(RemoteFile remote, Path target, Progress progress) {
    PartialFile part = new PartialFile(target);
    IOException failure = new IOException("no attempt was made");
    long most = 0;
    for (int attempts = 0; attempts < ATTEMPTS; attempts++) {
      try {
        if (!isComplete(remote, part)) {
          receive(remote, part, progress);
        }
        return finish(remote, part);
      } catch (IOException e) {
        failure = e;
      } catch (InterruptedException e) {
        throw interrupted(remote, e);
      }
      long bytes = part.bytesOrZero();
      if (bytes > most) {
        most = bytes;
        attempts = 0;
      }
      sleep(remote);
    }
    throw new ModelException(remote.uri() + ": the download failed: " + failure, failure);
  }

  private void sleep(RemoteFile remote) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(remote, e);
    }
  }

  private static ModelException interrupted(RemoteFile remote, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ModelException(remote.uri() + ": the download was interrupted", cause);
  }

  private static boolean isComplete(RemoteFile remote, PartialFile part) throws IOException {
    return remote.bytes().isPresent()
        && part.tag().isPresent()
        && part.bytes() == remote.bytes().getAsLong();
  }

  private void receive(RemoteFile remote, PartialFile part, Progress progress)
      throws IOException, InterruptedException {
    Optional<String> tag = part.tag();
    long have = tag.isPresent() ? part.bytes() : 0;
    HttpRequest.Builder request = HttpRequest.newBuilder(remote.uri()).timeout(PATIENCE);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", tag.orElseThrow());
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case OK -> {
          try (OutputStream out = part.begin(versionTag(response.headers()))) {
            copy(remote, response.headers(), 0, body, out, progress);
          }
        }
        case PARTIAL -> {
          checkStart(response.headers(), have, part);
          try (OutputStream out = part.append()) {
            copy(remote, response.headers(), have, body, out, progress);
          }
        }
        case BEYOND_THE_END -> {
          // the part is the whole file, or one of another version
          if (!contentRange(response.headers()).equals("bytes */" + have)) {
            part.delete();
            throw new IOException("the file has changed");
          }
        }
        default -> throw refusal(remote, response.statusCode());
      }
    }
  }

  /** Returns what names this version of the file for sure; a weak tag does not. */
  private static Optional<String> versionTag(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> headers.firstValue("Last-Modified"));
  }

  private static String contentRange(HttpHeaders headers) {
    return headers.firstValue("Content-Range").orElse("");
  }

  private static void checkStart(HttpHeaders headers, long have, PartialFile part)
      throws IOException {
    if (!contentRange(headers).startsWith("bytes " + have + "-")) {
      part.delete();
      throw new IOException("the server sent another part than the one asked for");
    }
  }

  private static IOException refusal(RemoteFile remote, int status) {
    if (status >= SERVER_ERROR || status == TIMEOUT || status == TOO_MANY_REQUESTS) {
      return new IOException("the server answered HTTP " + status);
    }
    throw new ModelException(remote.uri() + ": the server answered HTTP " + status);
  }

  private static void copy(
      RemoteFile remote,
      HttpHeaders headers,
      long have,
      InputStream body,
      OutputStream out,
      Progress progress)
      throws IOException {
    OptionalLong length = headers.firstValueAsLong("Content-Length");
    OptionalLong total =
        length.isPresent() ? OptionalLong.of(have + length.getAsLong()) : remote.bytes();
    if (remote.bytes().isPresent() && !total.equals(remote.bytes())) {
      throw wrongSize(remote, total.getAsLong());
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = have;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      bytes += count;
      if (remote.bytes().isPresent() && bytes > remote.bytes().getAsLong()) {
        throw wrongSize(remote, bytes);
      }
      out.write(buffer, 0, count);
      progress.at(bytes, total);
    }
  }

  private static ModelException wrongSize(RemoteFile remote, long bytes) {
    return new ModelException(
        remote.uri()
            + ": expected "
            + remote.bytes().getAsLong()
            + " bytes, the server has "
            + bytes);
  }

  private static String finish(RemoteFile remote, PartialFile part) throws IOException {
    long bytes = part.bytes();
    if (remote.bytes().isPresent() && bytes != remote.bytes().getAsLong()) {
      throw new IOException("the connection ended after " + bytes + " bytes");
    }
    String sha256 = Sha256.of(part.path());
    if (remote.sha256().isPresent() && !remote.sha256().get().equals(sha256)) {
      part.delete();
      throw new ModelException(
          remote.uri()
              + ": expected SHA-256 "
              + remote.sha256().get()
              + ", found "
              + sha256
              + ": the download was deleted");
    }
    part.finish();
    return sha256;
  }
}
