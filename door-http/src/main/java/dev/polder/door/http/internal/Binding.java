package dev.polder.door.http.internal;

import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import java.util.Locale;
import java.util.Optional;

/**
 * The tenant and database a request names. Headers go before the query string; two that disagree
 * are refused. Immutable.
 */
public record Binding(Optional<String> tenant, Optional<String> database) {
  public static Binding of(Exchange exchange) {
    Optional<String> tenant = exchange.header("X-Polder-Tenant");
    Optional<String> database =
        agreed(
            "headers X-Polder-Database and X-NodeDB-Database",
            exchange.header("X-Polder-Database"),
            exchange.header("X-NodeDB-Database"));
    return new Binding(tenant, database.or(() -> exchange.query("database")));
  }

  /** This binding and what the body names, which must not disagree with the headers. */
  public Binding and(Optional<String> bodyTenant, Optional<String> bodyDatabase) {
    return new Binding(
        agreed("header X-Polder-Tenant and the body's 'tenant'", tenant, bodyTenant),
        agreed("the request's database and the body's 'database'", database, bodyDatabase));
  }

  private static Optional<String> agreed(
      String where, Optional<String> first, Optional<String> second) {
    if (first.isPresent()
        && second.isPresent()
        && !first.get().toLowerCase(Locale.ROOT).equals(second.get().toLowerCase(Locale.ROOT))) {
      throw Fields.bad(
          where
              + " disagree: '"
              + Fields.shortened(first.get())
              + "' and '"
              + Fields.shortened(second.get())
              + "'");
    }
    return first.or(() -> second);
  }
}
