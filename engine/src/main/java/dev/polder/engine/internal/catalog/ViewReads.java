package dev.polder.engine.internal.catalog;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TimeTravel;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SourceAlias;
import dev.polder.policy.Access;
import dev.polder.policy.TablePolicies;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.authorise.AttachedSource;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.authorise.Scope;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a view reads, through all views below it. Thread-safe. */
record ViewReads(CatalogScope scope) {
  /** Who is under a row filter or mask on anything that the view reads does not get its text. */
  void requireUnrestricted(MetastoreTransaction tx, Access access, LakeCollection view) {
    if (!access.restricted()) {
      return;
    }
    TableRules.requireUnrestricted(access, view);
    AuthorizedQuery query;
    try {
      query = query(tx, access, view);
    } catch (PolderException e) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "row filters or masks hold for you in this database, and what view "
              + view.ref()
              + " reads cannot be told: "
              + e.getMessage(),
          e);
    }
    collections(query)
        .forEach(read -> {
          if (!access.policies(read.id()).isEmpty()) {
            throw new PolderException(
                ErrorCode.ACCESS_DENIED,
                "view "
                    + view.ref()
                    + " reads "
                    + read.ref()
                    + ", on which a row filter or mask holds for you: read the view by SQL");
          }
        });
  }

  private AuthorizedQuery query(MetastoreTransaction tx, Access access, LakeCollection view) {
    Database database = scope.database(tx);
    SqlText text =
        SqlText.of(
            "SELECT * FROM "
                + Identifiers.quote(view.ref().schema().value())
                + "."
                + Identifiers.quote(view.ref().name()));
    Scope names =
        new Scope(
            database.name(),
            SchemaName.MAIN,
            Optional.empty(),
            access,
            new Scope.Asker(
                access::policies, (source, table) -> TablePolicies.NONE, access.context()),
            owner ->
                Rights.identity(tx, owner)
                    .map(identity ->
                        scope.engine().accessControl().access(tx, identity, scope.space())),
            PinnedSpace.newest(scope.engine().lake(), tx, scope.space()),
            alias -> noSource(tx, alias),
            ViewReads::present,
            Optional.empty(),
            0,
            List.of());
    return scope
        .engine()
        .authorizer()
        .authorize(text, scope.engine().analyzer().analyze(text), names);
  }

  /** A name at another time may have been another table's. */
  private static Map<Integer, TimeTravel> present(SqlText text, Analysis analysis) {
    if (analysis.tables().stream().anyMatch(table -> table.at().isPresent())) {
      throw new PolderException(ErrorCode.NOT_SUPPORTED, "it reads an earlier state");
    }
    return Map.of();
  }

  /** Other engines know nothing of sources. */
  private Optional<AttachedSource> noSource(MetastoreTransaction tx, String alias) {
    if (SourceAlias.of(alias).flatMap(it -> tx.sources().find(scope.space(), it)).isPresent()) {
      throw new PolderException(ErrorCode.NOT_SUPPORTED, "it reads source " + alias);
    }
    return Optional.empty();
  }

  private static Stream<LakeCollection> collections(AuthorizedQuery query) {
    return query.references().stream().flatMap(ViewReads::collections);
  }

  private static Stream<LakeCollection> collections(ResolvedReference reference) {
    return switch (reference) {
      case ResolvedReference.Table table -> Stream.of(table.entry());
      case ResolvedReference.View view ->
          Stream.concat(Stream.of(view.entry()), collections(view.query()));
      case ResolvedReference.Metadata metadata -> Stream.empty();
      case ResolvedReference.Remote remote -> Stream.empty();
    };
  }
}
