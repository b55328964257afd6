package dev.polder.sql.authorise;

import dev.polder.lake.TimeTravel;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseName;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaName;
import dev.polder.policy.Access;
import dev.polder.policy.PolicyContext;
import dev.polder.policy.TablePolicies;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Where and for whom names are resolved.
 *
 * @param schema the schema of unqualified names
 * @param place the schema of a source that is the place of unqualified names instead
 * @param access whose grants decide: the principal's, inside a view its owner's, inside a policy
 *     its author's
 * @param asker whose row filters and masks apply
 * @param owners grants of a view's owner, in the same space; empty when that principal is gone
 * @param reader the space as this statement sees it
 * @param sources the space's sources as this statement sees them
 * @param times finds the moments of AT clauses
 * @param inherited the moment for references that have none: that of the view around them
 * @param depth how many views are around this text
 * @param applying the tables whose policies this text is part of, the outermost first
 */
public record Scope(
    DatabaseName database,
    SchemaName schema,
    Optional<SourcePlace> place,
    Access access,
    Asker asker,
    Function<PrincipalId, Optional<Access>> owners,
    SpaceReader reader,
    SourceReader sources,
    Times times,
    Optional<TimeTravel> inherited,
    int depth,
    List<CollectionId> applying) {
  public Scope {
    applying = List.copyOf(applying);
  }

  /**
   * The principal who asks, as policies see it.
   *
   * @param remote the policies on a table of a source; a mask's field id is the column's position
   *     from 1
   */
  public record Asker(
      Function<CollectionId, TablePolicies> policies,
      BiFunction<AttachedSource, RemoteTable, TablePolicies> remote,
      PolicyContext context) {}

  /** The moment of each table reference of a text that has an AT clause, by its index. */
  @FunctionalInterface
  public interface Times {
    Map<Integer, TimeTravel> of(SqlText text, Analysis analysis);
  }

  /** The scope of a view's own text. */
  Scope inside(SchemaName viewSchema, Access owner, Optional<TimeTravel> at) {
    return new Scope(
        database,
        viewSchema,
        Optional.empty(),
        owner,
        asker,
        owners,
        reader,
        sources,
        times,
        at,
        depth + 1,
        applying);
  }

  /**
   * The scope of a subquery in a policy: it reads the statement's own moment, also where its table
   * is read at an earlier one, so that a right taken away is gone for the past too.
   */
  Scope applying(CollectionId table, Access author) {
    List<CollectionId> tables = new ArrayList<>(applying);
    tables.add(table);
    return new Scope(
        database,
        schema,
        place,
        author,
        asker,
        owners,
        reader,
        sources,
        times,
        Optional.empty(),
        depth + 1,
        tables);
  }
}
