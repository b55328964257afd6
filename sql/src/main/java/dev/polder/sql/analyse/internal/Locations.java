package dev.polder.sql.analyse.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.analyse.Span;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.internal.Cursor;
import dev.polder.sql.statement.SqlText;
import java.util.Optional;

/**
 * Turns DuckDB's locations, which count UTF-8 bytes of the text it parsed, into UTF-16 offsets of
 * the text that was to be analysed. Immutable.
 */
public final class Locations {
  private final SqlText parsed;
  private final SqlText analysed;

  /** UTF-16 offset of each byte; empty when all characters are ASCII. */
  private final int[] offsets;

  /**
   * @param parsed what DuckDB parsed; its positions are offsets of the analysed text
   * @param analysed the text that spans refer to
   */
  public Locations(SqlText parsed, SqlText analysed) {
    this.parsed = parsed;
    this.analysed = analysed;
    this.offsets = offsets(parsed.toString());
  }

  private static int[] offsets(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += width(text, i);
    }
    if (bytes == text.length()) {
      return new int[0];
    }
    int[] offsets = new int[bytes + 1];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      for (int k = width(text, i); k > 0; k--) {
        offsets[at++] = i;
      }
    }
    offsets[at] = text.length();
    return offsets;
  }

  /** Bytes that the character adds; the first half of a surrogate pair counts for both. */
  private static int width(String text, int index) {
    char c = text.charAt(index);
    if (c < 0x80) {
      return 1;
    }
    if (c < 0x800) {
      return 2;
    }
    if (Character.isHighSurrogate(c)) {
      return 4;
    }
    return Character.isLowSurrogate(c) ? 0 : 3;
  }

  /** Offset in the analysed text of a byte of the parsed text. */
  public int offset(long location) {
    return parsed.position(parsedOffset(location));
  }

  private int parsedOffset(long location) {
    int length = offsets.length == 0 ? parsed.length() : offsets.length - 1;
    int bounded = Math.clamp(location, 0, length);
    return offsets.length == 0 ? bounded : offsets[bounded];
  }

  /** Where a node stands; empty when DuckDB does not say. */
  public Optional<Span> span(JsonNode node) {
    long length = node.path("query_location_length").asLong();
    JsonNode location = node.path("query_location");
    if (length <= 0 || !location.canConvertToLong() || location.asLong() < 0) {
      return Optional.empty();
    }
    int start = offset(location.asLong());
    // The last character rather than the next one: after it another piece may begin.
    int last = offset(location.asLong() + length - 1);
    int end = last + 1;
    if (end < start) {
      return Optional.empty();
    }
    String text = parsed.toString();
    int lastParsed = parsedOffset(location.asLong() + length - 1);
    if (lastParsed < text.length() && Character.isHighSurrogate(text.charAt(lastParsed))) {
      end++;
    }
    return Optional.of(new Span(start, end));
  }

  /** The name within a table reference: its first tokens, or those after {@code alias:}. */
  Optional<Span> nameSpan(Span reference) {
    Cursor cursor = within(reference);
    if (cursor.is(1, ":")) {
      cursor.next();
      cursor.next();
    }
    if (!cursor.atName() && !cursor.token(0).isString()) {
      return Optional.empty();
    }
    int start = cursor.token(0).start();
    cursor.next();
    while (cursor.at(".")) {
      cursor.next();
      cursor.next();
    }
    return Optional.of(
        new Span(reference.start() + start, reference.start() + cursor.token(-1).end()));
  }

  /** The AT clause within a table reference. */
  Optional<Span> atSpan(Span reference) {
    Cursor cursor = within(reference);
    while (!cursor.atEnd()) {
      if (cursor.at("AT", "(")) {
        int start = cursor.token(0).start();
        cursor.next();
        cursor.skipBrackets();
        return Optional.of(
            new Span(reference.start() + start, reference.start() + cursor.token(-1).end()));
      }
      if (cursor.at("(")) {
        cursor.skipBrackets();
      } else {
        cursor.next();
      }
    }
    return Optional.empty();
  }

  private Cursor within(Span span) {
    SqlText piece = analysed.slice(span.start(), span.end());
    return new Cursor(piece, Lexer.tokens(piece.toString()), false);
  }
}
