package dev.polder.sql.statement;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of SQL that knows where each of its characters stands in what the user sent, also after
 * parts of it were replaced. Two pieces are equal when their characters are. Immutable.
 */
public final class SqlText {
  private final String text;
  private final List<Segment> segments;

  /**
   * Characters from {@code start} of this text stand at {@code position} in the user's text.
   *
   * @param verbatim whether each following character follows there too; otherwise all map to {@code
   *     position}
   */
  private record Segment(int start, int position, boolean verbatim) {}

  /** A replacement of the characters from {@code start} to before {@code end}. */
  public record Edit(int start, int end, String replacement) {}

  private SqlText(String text, List<Segment> segments) {
    this.text = text;
    this.segments = segments;
  }

  /** The user's own text, from its first character. */
  public static SqlText of(String text) {
    return new SqlText(text, List.of(new Segment(0, 0, true)));
  }

  /** The part from {@code start} to before {@code end}. */
  public SqlText slice(int start, int end) {
    String part = text.substring(start, end);
    List<Segment> parts = new ArrayList<>();
    parts.add(new Segment(0, position(start), segmentAt(start).verbatim()));
    for (Segment segment : segments) {
      if (segment.start() > start && segment.start() < end) {
        parts.add(new Segment(segment.start() - start, segment.position(), segment.verbatim()));
      }
    }
    return new SqlText(part, List.copyOf(parts));
  }

  /** With the edits made, which are in order and do not overlap. */
  public SqlText edited(List<Edit> edits) {
    if (edits.isEmpty()) {
      return this;
    }
    StringBuilder result = new StringBuilder();
    List<Segment> parts = new ArrayList<>();
    int from = 0;
    for (Edit edit : edits) {
      append(result, parts, from, edit.start());
      parts.add(new Segment(result.length(), position(edit.start()), false));
      result.append(edit.replacement());
      from = edit.end();
    }
    append(result, parts, from, text.length());
    return new SqlText(result.toString(), List.copyOf(parts));
  }

  /** Starts a text composed of pieces; what is appended as a string maps to the piece beside it. */
  public static Builder builder() {
    return new Builder();
  }

  /** Composes a text of pieces. Not thread-safe. */
  public static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private final List<Segment> segments = new ArrayList<>();
    private int last;

    private Builder() {}

    public Builder append(String sql) {
      if (!sql.isEmpty()) {
        segments.add(new Segment(text.length(), last, false));
        text.append(sql);
      }
      return this;
    }

    public Builder append(SqlText piece) {
      int base = text.length();
      for (Segment segment : piece.segments) {
        segments.add(new Segment(base + segment.start(), segment.position(), segment.verbatim()));
      }
      text.append(piece.text);
      last = piece.position(Math.max(0, piece.length()));
      return this;
    }

    public SqlText build() {
      return segments.isEmpty() ? of("") : new SqlText(text.toString(), List.copyOf(segments));
    }
  }

  private void append(StringBuilder result, List<Segment> parts, int start, int end) {
    int base = result.length();
    for (Segment segment : slice(start, end).segments) {
      parts.add(new Segment(base + segment.start(), segment.position(), segment.verbatim()));
    }
    result.append(text, start, end);
  }

  /** Where the character at {@code offset} of this text stands in the user's text. */
  public int position(int offset) {
    Segment segment = segmentAt(offset);
    return segment.verbatim() ? segment.position() + offset - segment.start() : segment.position();
  }

  private Segment segmentAt(int offset) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).start() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return segments.get(low);
  }

  public int length() {
    return text.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SqlText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The SQL itself. */
  @Override
  public String toString() {
    return text;
  }
}
