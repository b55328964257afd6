package dev.polder.sql.analyse;

import java.util.List;
import java.util.Optional;

/** A column reference with three or more parts: {@code s.t.a} or {@code t.a.b}. */
public record QualifiedColumn(List<String> parts, Optional<Span> span) {
  public QualifiedColumn {
    parts = List.copyOf(parts);
  }
}
