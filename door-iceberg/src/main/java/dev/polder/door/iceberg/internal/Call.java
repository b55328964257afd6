package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.GovernedCatalog;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTResponse;

/** One request of the specification: its catalog, its names, its body. For one thread. */
final class Call {
  static final int ALL = Integer.MAX_VALUE;
  private static final String CATALOG = GovernedCatalog.class.getName();
  private static final int LARGEST_PAGE = 1_000;
  private static final Pattern POSITIVE = Pattern.compile("0{0,9}[1-9][0-9]{0,99}");
  private static final Pattern LEVELS = Pattern.compile("\u001f");

  private final Exchange exchange;
  private final GovernedCatalog catalog;

  Call(Exchange exchange, CatalogService catalogs) {
    this.exchange = exchange;
    this.catalog =
        exchange.request().getAttribute(CATALOG) instanceof GovernedCatalog given
            ? given
            : catalogs.at(
                exchange.identity(), warehouse(exchange, exchange.pathParameter("prefix")));
  }

  /** Has the calls of a request use a catalog that was made for it. */
  static void use(Exchange exchange, GovernedCatalog catalog) {
    exchange.request().setAttribute(CATALOG, catalog);
  }

  /** A warehouse as clients of Apache Polaris may name it, its tenant in a header. */
  static String warehouse(Exchange exchange, String named) {
    return exchange
        .header("Polaris-Realm")
        .filter(realm -> !realm.isEmpty() && !named.startsWith("~") && !named.contains("@"))
        .map(realm -> realm + "@" + named)
        .orElse(named);
  }

  Exchange exchange() {
    return exchange;
  }

  GovernedCatalog catalog() {
    return catalog;
  }

  Namespace namespace() {
    return namespace(exchange.pathParameter("namespace"));
  }

  static Namespace namespace(String joined) {
    return Namespace.of(LEVELS.split(joined, -1));
  }

  TableIdentifier table() {
    return TableIdentifier.of(namespace(), exchange.pathParameter("table"));
  }

  TableIdentifier view() {
    return TableIdentifier.of(namespace(), exchange.pathParameter("view"));
  }

  TableIdentifier genericTable() {
    return TableIdentifier.of(namespace(), exchange.pathParameter("generic-table"));
  }

  /** Something new in the path's namespace. */
  TableIdentifier named(String name) {
    if (name.isEmpty()) {
      throw Fields.bad("'name' is empty");
    }
    return TableIdentifier.of(namespace(), name);
  }

  /** The body as a request of Iceberg's own. */
  <T> T body(Class<T> type) throws IOException {
    return IcebergJson.read(exchange.jsonBody(), type);
  }

  void reply(RESTResponse response) throws IOException {
    exchange.reply(200, "application/json", IcebergJson.write(response));
  }

  void reply(byte[] body) throws IOException {
    exchange.reply(200, "application/json", body);
  }

  void reply(JsonNode body) throws IOException {
    exchange.reply(200, body);
  }

  void noContent() {
    exchange.response().setStatus(204);
  }

  /** Whether the client pages; one that does not gets all at once. */
  boolean pages() {
    return exchange.query("pageToken").isPresent() || exchange.query("pageSize").isPresent();
  }

  int pageSize() {
    if (!pages()) {
      return ALL;
    }
    Optional<String> size = exchange.query("pageSize");
    if (size.isEmpty()) {
      return LARGEST_PAGE;
    }
    if (!POSITIVE.matcher(size.get()).matches()) {
      throw Fields.bad("pageSize must be a whole number, one or more");
    }
    BigInteger asked = new BigInteger(size.get());
    return asked.min(BigInteger.valueOf(LARGEST_PAGE)).intValueExact();
  }

  Optional<String> after() {
    return exchange.query("pageToken").filter(token -> !token.isEmpty()).map(Call::key);
  }

  private static String key(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new PolderException(
          ErrorCode.BAD_REQUEST, "the pageToken is none that this server gave", e);
    }
  }

  static String token(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> levels(Namespace namespace) {
    return List.of(namespace.levels());
  }
}
