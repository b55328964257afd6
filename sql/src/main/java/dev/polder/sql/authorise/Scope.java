package dev.polder.sql.authorise;

import dev.polder.lake.TimeTravel;
import dev.polder.model.DatabaseName;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaName;
import dev.polder.policy.Access;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where and for whom names are resolved.
 *
 * @param schema the schema of unqualified names
 * @param access whose grants decide: the principal's, or inside a view its owner's
 * @param owners grants of a view's owner, in the same space; empty when that principal is gone
 * @param reader the space as this statement sees it
 * @param times the moment of each table reference that has an AT clause, by its index
 * @param inherited the moment for references that have none: that of the view around them
 * @param depth how many views are around this text
 */
public record Scope(
    DatabaseName database,
    SchemaName schema,
    Access access,
    Function<PrincipalId, Optional<Access>> owners,
    SpaceReader reader,
    Map<Integer, TimeTravel> times,
    Optional<TimeTravel> inherited,
    int depth) {
  public Scope {
    times = Map.copyOf(times);
  }

  /** The scope of a view's own text. */
  Scope inside(SchemaName viewSchema, Access owner, Optional<TimeTravel> at) {
    return new Scope(database, viewSchema, owner, owners, reader, Map.of(), at, depth + 1);
  }
}
