package dev.polder.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A look at whether the client of a running request is still there. Jetty reads nothing while a
 * request runs, so a client that hangs up would go unseen; this reads in its place and hands back
 * what a pipelining client has sent early. A client that ends its output counts as gone.
 */
public final class Connection {
  private static final int PEEK_BYTES = 512;
  private final Request request;

  public Connection(Request request) {
    this.request = request;
  }

  /** True when the client has hung up. To be called only while the request's body is consumed. */
  public boolean isGone() {
    if (!(request.getConnectionMetaData().getConnection() instanceof HttpConnection connection)) {
      return false;
    }
    EndPoint endPoint = connection.getEndPoint();
    if (!endPoint.isOpen() || endPoint.isInputShutdown()) {
      return true;
    }
    if (!connection.isRequestBufferEmpty()) {
      return false;
    }
    ByteBuffer early = BufferUtil.allocate(PEEK_BYTES);
    try {
      int read = endPoint.fill(early);
      if (read > 0) {
        connection.onUpgradeTo(early);
      }
      return read < 0;
    } catch (IOException e) {
      // A reset is as good as an end: there is nobody to answer.
      return true;
    }
  }
}
