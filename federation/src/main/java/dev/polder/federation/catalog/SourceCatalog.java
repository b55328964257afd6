package dev.polder.federation.catalog;

import dev.polder.federation.SourceClient.Listed;
import dev.polder.sql.remote.RemoteTable;
import java.util.List;
import java.util.Optional;

/** A source's own catalog, asked anew by each call. Thread-safe. */
public interface SourceCatalog {
  /** As the source spells them, without the system's own. */
  List<String> schemas();

  /** The tables and views of a schema that is spelled as the source does. */
  List<Listed> tables(String schema);

  /** A table or view whose names are spelled as the source does; empty when it is gone. */
  Optional<RemoteTable> table(String schema, Listed table);
}
