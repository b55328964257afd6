package dev.polder.engine.internal.show;

import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.Securable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A source, or a schema, table or column in it, by its names: whether the source has it is not
 * asked. Immutable.
 *
 * @param path as written
 */
record SourceObject(Source source, List<String> path) {
  private static final int TABLE_DEPTH = 2;

  SourceObject {
    path = List.copyOf(path);
  }

  Securable.Source securable() {
    return new Securable.Source(source.space(), source.id(), path);
  }

  boolean isTable() {
    return path.size() == TABLE_DEPTH;
  }

  SourceTable table() {
    return new SourceTable(source.id(), path.getFirst(), path.getLast());
  }

  SourceObject column(String name) {
    return new SourceObject(source, Stream.concat(path.stream(), Stream.of(name)).toList());
  }

  /** As statements, denials and the trail name it. */
  @Override
  public String toString() {
    return Stream.concat(Stream.of(source.alias().value()), path.stream())
        .collect(Collectors.joining("."));
  }
}
