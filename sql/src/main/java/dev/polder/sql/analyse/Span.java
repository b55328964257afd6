package dev.polder.sql.analyse;

/** A range of the analysed text in UTF-16 units: from {@code start} to before {@code end}. */
public record Span(int start, int end) {
  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(start + " to " + end);
    }
  }
}
