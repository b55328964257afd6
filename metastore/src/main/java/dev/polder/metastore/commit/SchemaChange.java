package dev.polder.metastore.commit;

import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import java.util.Map;

/** What a commit does to one schema of the request's tenant. Immutable. */
public sealed interface SchemaChange {
  SchemaId id();

  record Create(SchemaId id, SchemaName name, Map<String, String> properties)
      implements SchemaChange {
    public Create {
      properties = Map.copyOf(properties);
    }
  }

  record Rename(SchemaId id, SchemaName name) implements SchemaChange {}

  /** Refused while the schema holds anything after the commit's changes of collections. */
  record Drop(SchemaId id) implements SchemaChange {}
}
