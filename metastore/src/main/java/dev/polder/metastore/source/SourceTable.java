package dev.polder.metastore.source;

import dev.polder.model.SourceId;
import java.util.Locale;

/** A table of a source, by its lower-cased names: that there is one is not said. Immutable. */
public record SourceTable(SourceId source, String schema, String table) {
  public SourceTable {
    schema = schema.toLowerCase(Locale.ROOT);
    table = table.toLowerCase(Locale.ROOT);
  }
}
