package dev.polder.door.http.internal;

import dev.polder.engine.MirrorFeed;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Route;
import dev.polder.model.DatabaseName;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a mirror's server asks its source's: a state, commits, files. The feed checks the right with
 * each call. Thread-safe.
 */
public record MirrorEndpoints(MirrorFeed feed) {
  public List<Route> routes() {
    return List.of(
        Route.post(
            "/api/mirror/snapshot",
            exchange -> {
              DatabaseName name = name(exchange, List.of());
              json(exchange, feed.snapshot(exchange.identity(), name));
            }),
        Route.get(
            "/api/mirror/rest",
            exchange -> {
              DatabaseName name = name(exchange, List.of("lease", "from"));
              json(
                  exchange,
                  feed.rest(
                      exchange.identity(),
                      name,
                      text(exchange, "lease"),
                      number(exchange, "from")));
            }),
        Route.get(
            "/api/mirror/commits",
            exchange -> {
              DatabaseName name =
                  name(exchange, List.of("after", "accessEpoch", "waitMillis", "follower"));
              json(
                  exchange,
                  feed.commits(
                      exchange.identity(),
                      name,
                      number(exchange, "after"),
                      number(exchange, "accessEpoch"),
                      number(exchange, "waitMillis"),
                      exchange.query("follower")));
            }),
        Route.post(
            "/api/mirror/join",
            exchange -> {
              DatabaseName name =
                  name(exchange, List.of("follower", "mirror", "syncTimeoutMicros", "onTimeout"));
              json(
                  exchange,
                  feed.join(
                      exchange.identity(),
                      name,
                      text(exchange, "follower"),
                      new DatabaseName(text(exchange, "mirror")),
                      number(exchange, "syncTimeoutMicros"),
                      text(exchange, "onTimeout")));
            }),
        Route.post(
            "/api/mirror/staged",
            exchange -> {
              DatabaseName name = name(exchange, List.of("follower", "offer"));
              json(
                  exchange,
                  feed.staged(
                      exchange.identity(),
                      name,
                      text(exchange, "follower"),
                      exchange.query("offer")));
            }),
        Route.post(
            "/api/mirror/leave",
            exchange -> {
              DatabaseName name = name(exchange, List.of("follower"));
              json(exchange, feed.leave(exchange.identity(), name, text(exchange, "follower")));
            }),
        Route.post(
            "/api/mirror/keep",
            exchange -> {
              DatabaseName name = name(exchange, List.of("lease"));
              json(exchange, feed.keep(exchange.identity(), name, text(exchange, "lease")));
            }),
        Route.post(
            "/api/mirror/release",
            exchange -> {
              DatabaseName name = name(exchange, List.of("lease"));
              json(exchange, feed.release(exchange.identity(), name, text(exchange, "lease")));
            }),
        Route.get("/api/mirror/digest", this::digest),
        Route.get("/api/mirror/file", this::file));
  }

  /** The answer to a large file begins at once, with white space: who waits hears of the work. */
  private void digest(Exchange exchange) throws IOException {
    DatabaseName name = name(exchange, List.of("path"));
    boolean[] begun = {false};
    String digest =
        feed.digest(
            exchange.identity(),
            name,
            text(exchange, "path"),
            () -> {
              begun[0] = true;
              begin(exchange);
            });
    if (begun[0]) {
      exchange.response().getOutputStream().write(digest.getBytes(StandardCharsets.UTF_8));
    } else {
      json(exchange, digest);
    }
  }

  private static void begin(Exchange exchange) {
    try {
      exchange.response().setStatus(200);
      exchange.response().setContentType("application/json");
      exchange.response().getOutputStream().write('\n');
      exchange.response().flushBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void file(Exchange exchange) throws IOException {
    DatabaseName name = name(exchange, List.of("path", "offset"));
    MirrorFeed.Content content =
        feed.file(exchange.identity(), name, text(exchange, "path"), number(exchange, "offset"));
    try (var in = content.stream()) {
      exchange.response().setStatus(200);
      exchange.response().setContentType("application/octet-stream");
      exchange.response().setContentLengthLong(content.length());
      OutputStream out = exchange.response().getOutputStream();
      in.transferTo(out);
    }
  }

  private static DatabaseName name(Exchange exchange, List<String> more) {
    List<String> known = new ArrayList<>(more);
    known.add("name");
    exchange.requireQueryOf(known);
    return new DatabaseName(text(exchange, "name"));
  }

  private static String text(Exchange exchange, String parameter) {
    return exchange
        .query(parameter)
        .orElseThrow(() -> Fields.bad("query parameter '" + parameter + "' is missing"));
  }

  private static long number(Exchange exchange, String parameter) {
    String text = text(exchange, parameter);
    if (!text.matches("-?[0-9]{1,18}")) {
      throw Fields.bad("query parameter '" + parameter + "' must be a number");
    }
    return Long.parseLong(text);
  }

  private static void json(Exchange exchange, String body) throws IOException {
    exchange.reply(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }
}
