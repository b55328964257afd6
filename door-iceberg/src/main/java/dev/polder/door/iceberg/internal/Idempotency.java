package dev.polder.door.iceberg.internal;

import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.RepeatableRequest;
import dev.polder.http.Endpoint;
import dev.polder.http.Exchange;
import dev.polder.http.Failure;
import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The specification's {@code Idempotency-Key}: a change that is sent again under its key is not
 * made again but answered as it was. What had no final answer may be tried again. Stateless.
 */
public record Idempotency(CatalogService catalogs) {
  private static final String HEADER = "Idempotency-Key";
  private static final Pattern FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /** Refusals that may be none a moment later. */
  private static final Set<Integer> PASSING = Set.of(401, 408, 429, 499);

  public Operation once(Operation operation) {
    return operation.changes()
        ? operation.with(exchange -> once(exchange, operation.endpoint()))
        : operation;
  }

  private void once(Exchange exchange, Endpoint endpoint) throws IOException {
    Optional<String> header = exchange.header(HEADER);
    if (header.isEmpty()) {
      endpoint.handle(exchange);
      return;
    }
    UUID key = key(header.get());
    String fingerprint = fingerprint(exchange);
    Call call = new Call(exchange, catalogs);
    switch (Commits.known(() -> call.catalog().repeatable(key, fingerprint))) {
      case RepeatableRequest.First(var catalog, var ending) -> {
        Call.use(exchange, catalog);
        first(exchange, endpoint, ending);
      }
      case RepeatableRequest.Done(var catalog) -> {
        Call.use(exchange, catalog);
        endpoint.handle(exchange);
      }
      case RepeatableRequest.Answered(int status, String body) -> {
        if (body.isEmpty()) {
          exchange.response().setStatus(status);
        } else {
          exchange.reply(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static void first(Exchange exchange, Endpoint endpoint, RepeatableRequest.Ending ending)
      throws IOException {
    try {
      endpoint.handle(exchange);
    } catch (PolderException e) {
      end(ending, e);
      throw e;
    } catch (IOException | RuntimeException e) {
      open(ending, e);
      throw e;
    }
    if (exchange.replied().length == 0) {
      ending.answered(exchange.response().getStatus(), "");
    } else {
      // A staged table: it is nowhere yet, and its answer may hold credentials.
      ending.open();
    }
  }

  private static void end(RepeatableRequest.Ending ending, PolderException failure) {
    int status = failure.code().httpStatus();
    boolean last =
        status >= 400
            && status < 500
            && !PASSING.contains(status)
            && failure.code() != ErrorCode.TENANT_MOVING;
    if (!last) {
      open(ending, failure);
      return;
    }
    try {
      ending.answered(
          status, new String(IcebergFailures.body(Failure.of(failure)), StandardCharsets.UTF_8));
    } catch (PolderException e) {
      failure.addSuppressed(e); // Its lease ends.
    }
  }

  private static void open(RepeatableRequest.Ending ending, Exception failure) {
    try {
      ending.open();
    } catch (PolderException e) {
      failure.addSuppressed(e); // Its lease ends.
    }
  }

  private static UUID key(String text) {
    if (FORM.matcher(text).matches()) {
      UUID key = UUID.fromString(text);
      if (key.version() == 7 && key.variant() == 2) {
        return key;
      }
    }
    throw Fields.bad(HEADER + " must be a UUID of version 7, such as RFC 9562 has it");
  }

  private static String fingerprint(Exchange exchange) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String target =
          exchange.request().getMethod()
              + " "
              + exchange.request().getRequestURI()
              + "?"
              + Optional.ofNullable(exchange.request().getQueryString()).orElse("")
              + "\n";
      digest.update(target.getBytes(StandardCharsets.UTF_8));
      digest.update(exchange.jsonBody());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
