package dev.polder.engine.internal.dml;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.PolderException;
import dev.polder.model.SourceAlias;
import dev.polder.policy.Access;
import dev.polder.sql.authorise.SourcePlace;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopyTo;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.Truncate;
import dev.polder.sql.statement.Update;
import java.util.List;
import java.util.Optional;

/**
 * The table of a source that a statement is to change. Names mean what they mean in queries.
 *
 * @param schema empty: the source's default
 */
record SourceTarget(Source source, Optional<String> schema, String table, Access access) {
  /**
   * The statement's target if it is in a source.
   *
   * @throws PolderException AUTHENTICATION_FAILED, DATABASE_NOT_FOUND
   */
  static Optional<SourceTarget> of(StatementContext context, DataStatement statement) {
    return name(statement).flatMap(name -> of(context, name));
  }

  private static Optional<ObjectName> name(DataStatement statement) {
    return switch (statement) {
      case Insert insert -> Optional.of(insert.target());
      case Update update -> Optional.of(update.target());
      case Delete delete -> Optional.of(delete.target());
      case Merge merge -> Optional.of(merge.target());
      case Truncate truncate -> Optional.of(truncate.target());
      case CopyFrom copy -> Optional.of(copy.target());
      case CopyTo copy -> Optional.empty();
    };
  }

  private static Optional<SourceTarget> of(StatementContext context, ObjectName name) {
    List<String> parts = name.parts();
    Optional<SourcePlace> place = context.session().place();
    if (parts.size() == 1 && place.isEmpty()) {
      return Optional.empty();
    }
    return context
        .engine()
        .metastore()
        .read(tx -> {
          Optional<Source> named =
              parts.size() == 1 ? Optional.empty() : find(tx, context, parts.getFirst());
          if (named.isPresent()) {
            return Optional.of(
                new SourceTarget(
                    named.get(),
                    parts.size() == 3 ? Optional.of(parts.get(1)) : Optional.empty(),
                    name.last(),
                    Rights.of(tx, context)));
          }
          return place
              .filter(_ -> parts.size() < 3)
              .flatMap(it ->
                  find(tx, context, it.alias())
                      .map(source ->
                          new SourceTarget(
                              source,
                              Optional.of(parts.size() == 1 ? it.schema() : parts.getFirst()),
                              name.last(),
                              Rights.of(tx, context))));
        });
  }

  private static Optional<Source> find(
      MetastoreTransaction tx, StatementContext context, String alias) {
    return SourceAlias.of(alias).flatMap(it -> tx.sources().find(context.session().space(), it));
  }
}
