package dev.polder.metastore.lineage;

import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.TenantId;
import java.util.Map;

/** A schema as one commit left it. Immutable. */
public record SchemaState(
    SchemaId id,
    TenantId tenant,
    SchemaName name,
    Map<String, String> properties,
    boolean dropped) {
  public SchemaState {
    properties = Map.copyOf(properties);
  }
}
