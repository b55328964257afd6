package dev.polder.engine.internal.show;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.sql.authorise.SourcePlace;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which names in administrative statements mean sources and what is in them, by the rule of
 * queries: an alias goes before all else, then the session's place. For one unit of work.
 */
record SourceNames(Work work, MetastoreTransaction tx) {
  private static final int FULL_NAME = 3;

  /** A source as a whole. */
  SourceObject whole(String alias, Optional<TenantId> tenant) {
    return find(alias, tenant)
        .map(source -> new SourceObject(source, List.of()))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.SOURCE_NOT_FOUND,
                "source '" + alias + "' not found; SHOW SOURCES lists those there are"));
  }

  /** A schema of a source: {@code alias.schema}, or a schema of the source that is the place. */
  Optional<SourceObject> schema(ObjectName name, Optional<TenantId> tenant) {
    List<String> parts = name.parts();
    return parts.size() == 1 ? placed(parts, tenant) : aliased(parts, tenant);
  }

  /** A table of a source. */
  Optional<SourceObject> table(ObjectName name, Optional<TenantId> tenant) {
    List<String> parts = name.parts();
    if (parts.size() > 1) {
      Optional<SourceObject> aliased = aliased(parts, tenant);
      if (aliased.isPresent() && parts.size() < FULL_NAME) {
        throw new PolderException(
            ErrorCode.AMBIGUOUS_NAME,
            "ambiguous two-part name '"
                + name
                + "': '"
                + parts.getFirst()
                + "' is a source; qualify fully as '"
                + parts.getFirst()
                + ".<schema>."
                + parts.getLast()
                + "'");
      }
      if (aliased.isPresent() || parts.size() == FULL_NAME) {
        return aliased;
      }
      return placed(parts, tenant);
    }
    return place(tenant).flatMap(place -> placed(List.of(place.schema(), name.last()), tenant));
  }

  /** Whatever a name without a word before it means in a source. */
  Optional<SourceObject> named(ObjectName name, Optional<TenantId> tenant) {
    Optional<SourceObject> aliased = aliased(name.parts(), tenant);
    return aliased.isPresent() ? aliased : table(name, tenant);
  }

  private Optional<SourceObject> aliased(List<String> parts, Optional<TenantId> tenant) {
    return find(parts.getFirst(), tenant)
        .map(source -> new SourceObject(source, parts.subList(1, parts.size())));
  }

  private Optional<SourceObject> placed(List<String> path, Optional<TenantId> tenant) {
    return place(tenant)
        .map(place ->
            aliased(Stream.concat(Stream.of(place.alias()), path.stream()).toList(), tenant)
                .orElseThrow(() ->
                    new PolderException(
                        ErrorCode.SOURCE_NOT_FOUND,
                        "unqualified names go to '" + place + "', but there is no such source")));
  }

  private Optional<SourcePlace> place(Optional<TenantId> tenant) {
    return tenant.isEmpty() ? work.context().session().place() : Optional.empty();
  }

  /** In the session's database; whoever may not be in another tenant's space finds nothing. */
  private Optional<Source> find(String alias, Optional<TenantId> tenant) {
    SpaceKey own = work.context().session().space();
    SpaceKey space = new SpaceKey(own.database(), tenant.orElse(own.tenant()));
    return space.equals(own) || work.actor().superuser()
        ? SourceAlias.of(alias).flatMap(it -> tx.sources().find(space, it))
        : Optional.empty();
  }
}
