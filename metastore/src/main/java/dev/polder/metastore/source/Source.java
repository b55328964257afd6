package dev.polder.metastore.source;

import dev.polder.model.PrincipalId;
import dev.polder.model.SourceAlias;
import dev.polder.model.SourceId;
import dev.polder.model.SpaceKey;
import java.util.Optional;

/**
 * Another system, attached to one space. Immutable.
 *
 * @param revision rises with each change of its definition and of its secrets
 */
public record Source(
    SourceId id,
    SpaceKey space,
    SourceDefinition definition,
    long revision,
    Optional<PrincipalId> createdBy,
    long createdAt,
    long updatedAt) {
  public SourceAlias alias() {
    return definition.alias();
  }
}
