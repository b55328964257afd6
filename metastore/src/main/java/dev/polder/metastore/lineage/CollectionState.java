package dev.polder.metastore.lineage;

import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalName;
import dev.polder.model.SchemaId;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * A table or view as one commit left it. Immutable.
 *
 * @param metadataLocation empty: the commit dropped it
 * @param rewritten the commit gave all of its versions other files with the same content; what is
 *     known of its files must be looked up again
 */
public record CollectionState(
    CollectionId id,
    TenantId tenant,
    SchemaId schema,
    CollectionKind kind,
    String name,
    String icebergUuid,
    String location,
    Optional<String> metadataLocation,
    Optional<PrincipalName> owner,
    boolean rewritten) {
  /** With another owner. */
  public CollectionState ownedBy(Optional<PrincipalName> other) {
    return new CollectionState(
        id, tenant, schema, kind, name, icebergUuid, location, metadataLocation, other, rewritten);
  }
}
