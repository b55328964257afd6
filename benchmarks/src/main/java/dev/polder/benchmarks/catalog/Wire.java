package dev.polder.benchmarks.catalog;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection that costs next to nothing: requests are bytes made before,
 * answers are read and not looked at. Server and client share the machine, so that a client that
 * works is taken from the server. Used by one thread.
 */
public final class Wire implements AutoCloseable {
  private static final int CHUNK = 64 << 10;
  private static final int CONFLICT = 409;
  private static final int SERVER_FAILURE = 500;

  private final URI base;
  private final String headers;
  private @Nullable Socket socket;
  private final byte[] buffer = new byte[CHUNK];
  private int from;
  private int to;

  public Wire(CatalogTarget target) {
    this.base = target.base();
    this.headers =
        "Host: "
            + base.getAuthority()
            + "\r\nAccept: application/json\r\n"
            + target.token().map(token -> "Authorization: Bearer " + token + "\r\n").orElse("");
  }

  /** What a server said; the body is UTF-8. Immutable. */
  public static final class Answer {
    private final int status;
    private final byte[] body;

    private Answer(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    /** Whether somebody else's commit was first, or the server failed. */
    boolean isFailure() {
      return status == CONFLICT || status >= SERVER_FAILURE;
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** This answer, if it is of the 200s. */
    public Answer require() {
      if (status / 100 != 2) {
        throw new IllegalStateException("the server answered " + status + ": " + text());
      }
      return this;
    }
  }

  /**
   * The bytes of a request, to be sent as often as wanted.
   *
   * @param path below the base, which ends before {@code /v1}
   */
  public byte[] request(String method, String path, @Nullable String body) {
    byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + base.getRawPath()
            + path
            + " HTTP/1.1\r\n"
            + headers
            + (body == null
                ? ""
                : "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n")
            + "\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, whole, start.length, content.length);
    return whole;
  }

  public Answer send(byte[] request) throws IOException {
    Socket open = socket == null ? connect() : socket;
    OutputStream out = open.getOutputStream();
    out.write(request);
    out.flush();
    return read(open.getInputStream());
  }

  private Socket connect() throws IOException {
    Socket made = new Socket(InetAddress.getByName(base.getHost()), base.getPort());
    made.setTcpNoDelay(true);
    from = 0;
    to = 0;
    socket = made;
    return made;
  }

  private Answer read(InputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    int length = 0;
    boolean chunked = false;
    boolean ends = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      } else if (lower.equals("connection: close")) {
        ends = true;
      }
    }
    byte[] body = chunked ? chunks(in) : bytes(in, length);
    if (ends) {
      close();
    }
    return new Answer(status, body);
  }

  private byte[] chunks(InputStream in) throws IOException {
    byte[] all = new byte[0];
    while (true) {
      int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
      byte[] next = bytes(in, size);
      line(in);
      if (size == 0) {
        return all;
      }
      int end = all.length;
      all = Arrays.copyOf(all, end + size);
      System.arraycopy(next, 0, all, end, size);
    }
  }

  private byte[] bytes(InputStream in, int length) throws IOException {
    byte[] read = new byte[length];
    int have = Math.min(length, to - from);
    System.arraycopy(buffer, from, read, 0, have);
    from += have;
    if (in.readNBytes(read, have, length - have) < length - have) {
      throw new EOFException("the server ended within an answer");
    }
    return read;
  }

  private String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (from == to) {
        from = 0;
        to = Math.max(0, in.read(buffer, 0, buffer.length));
        if (to == 0) {
          throw new EOFException("the server closed the connection");
        }
      }
      char next = (char) (buffer[from++] & 0xff);
      if (next == '\n') {
        return line.toString();
      }
      if (next != '\r') {
        line.append(next);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
