package dev.mast3r.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A web server of this process with one file at {@code /model.bin}, which can be made to behave
 * badly; {@code /moved/model.bin} redirects to it.
 */
final class FileServer implements AutoCloseable {

  private final HttpServer server;
  private final List<String> requests = new ArrayList<>();

  private byte[] content;
  private String tag = "\"one\"";
  private int breakAfter = Integer.MAX_VALUE;
  private int busyFrom = Integer.MAX_VALUE;
  private int busyUntil = Integer.MAX_VALUE;
  private boolean ranges = true;

  FileServer(byte[] content) throws IOException {
    this.content = content.clone();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/model.bin", this::answer);
    server.createContext(
        "/moved/model.bin",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/model.bin");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext(
        "/loop/model.bin",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/loop/model.bin");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  /** Breaks each connection after about as many bytes. */
  synchronized void breakAfter(int bytes) {
    breakAfter = bytes;
  }

  synchronized void replace(byte[] newContent, String newTag) {
    content = newContent.clone();
    tag = newTag;
  }

  /** Answers the requests of these numbers, the first being 0, with HTTP 503. */
  synchronized void beBusy(int from, int until) {
    busyFrom = from;
    busyUntil = until;
  }

  synchronized void ignoreRanges() {
    ranges = false;
  }

  /** Returns the range that each request asked for, "all" for none. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int number = requests.size();
    requests.add(range == null ? "all" : range);
    if (number >= busyFrom && number < busyUntil) {
      exchange.sendResponseHeaders(503, -1);
      exchange.close();
      return;
    }
    int start = 0;
    int status = 200;
    exchange.getResponseHeaders().add("ETag", tag);
    if (ranges && range != null && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
      start = Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
      status = start < content.length ? 206 : 416;
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              status == 416
                  ? "bytes */" + content.length
                  : "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
    }
    if (status == 416) {
      exchange.sendResponseHeaders(416, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(status, content.length - start);
    int end = Math.min(content.length, start + Math.min(breakAfter, content.length));
    exchange.getResponseBody().write(Arrays.copyOfRange(content, start, end));
    exchange.getResponseBody().flush();
    // with fewer bytes than announced, this breaks the connection
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
