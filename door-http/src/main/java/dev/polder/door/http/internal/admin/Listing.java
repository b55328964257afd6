package dev.polder.door.http.internal.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.door.http.internal.result.RowObjects;
import dev.polder.engine.Result;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One page of what a SHOW answers, in the order of the rows' contents. Rows are told apart by all
 * their columns; the page token is the last row's. No more than a page is held.
 */
record Listing(int limit, Optional<String> after) {
  static final String LIMIT = "limit";
  static final String TOKEN = "pageToken";
  private static final int DEFAULT = 1000;
  private static final int MOST = 10_000;

  static Listing of(Exchange exchange) {
    int limit =
        exchange
            .query(LIMIT)
            .map(text -> {
              if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > MOST) {
                throw Fields.bad("'limit' must be a number from 1 to " + MOST);
              }
              return Integer.parseInt(text);
            })
            .orElse(DEFAULT);
    return new Listing(limit, exchange.query(TOKEN).map(Listing::decode));
  }

  ObjectNode page(String member, Result.Rows rows, Predicate<ObjectNode> wanted)
      throws IOException {
    TreeMap<String, ObjectNode> page = new TreeMap<>();
    boolean more = false;
    RowObjects objects = new RowObjects(rows.columns(), rows.root());
    while (rows.next()) {
      for (int row = 0; row < rows.root().getRowCount(); row++) {
        ObjectNode object = objects.row(row);
        String key = key(object);
        if (wanted.test(object) && after.filter(last -> key.compareTo(last) <= 0).isEmpty()) {
          page.put(key, object);
          if (page.size() > limit) {
            page.pollLastEntry();
            more = true;
          }
        }
      }
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putArray(member).addAll(page.values());
    body.put("nextPageToken", more ? encode(page.lastKey()) : null);
    return body;
  }

  private static String key(ObjectNode row) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.MAPPER.createGenerator(text)) {
      out.writeStartArray();
      for (Map.Entry<String, JsonNode> column : row.properties()) {
        out.writeTree(column.getValue());
      }
      out.writeEndArray();
    }
    return text.toString();
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new dev.polder.model.PolderException(
          dev.polder.model.ErrorCode.BAD_REQUEST,
          "'pageToken' is not one that this server gave",
          e);
    }
  }
}
