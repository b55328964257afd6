package dev.polder.server.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one statement, as the server sent it. Immutable.
 *
 * @param updateCount rows that a statement changed; null for one that changes none
 * @param elapsedMs time in the server
 */
public record QueryResult(
    List<Column> columns,
    List<List<JsonNode>> rows,
    @Nullable Long updateCount,
    double elapsedMs,
    List<NoticeText> notices) {

  public QueryResult {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    notices = List.copyOf(notices);
  }

  /** One column of the result, with the name of its SQL type. */
  public record Column(String name, String type) {}

  /** What the server wants to be known beside the result. */
  public record NoticeText(String code, String message) {}
}
