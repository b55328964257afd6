package dev.polder.engine.internal.execute;

import dev.polder.duck.scan.PushdownCheck;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.engine.internal.source.RemotePolicies;
import dev.polder.engine.internal.source.StatementSources;
import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.engine.internal.space.VisibleSpaces;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeTransaction;
import dev.polder.lake.TimeTravel;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SourceAlias;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.Identity;
import dev.polder.policy.TablePolicies;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.authorise.AuthorizedPolicies;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.Authorizer;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.authorise.Scope;
import dev.polder.sql.bind.BindRequest;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.catalog.VisibleSpace;
import dev.polder.sql.pushdown.ChangePushdown;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a query's text through analysis, authorisation and binding, at one moment of the metastore.
 * For one statement.
 */
public final class QueryBinding {
  private final StatementContext context;
  private final Execution execution;
  private List<CollectionId> applying = List.of();

  public QueryBinding(StatementContext context, Execution execution) {
    this.context = context;
    this.execution = execution;
  }

  /** A bound query, and the space and rights it was bound with. */
  public record Bound(BoundQuery query, Access access, PinnedSpace space) {}

  private record Authorized(
      AuthorizedQuery query,
      Access access,
      PinnedSpace space,
      Function<LakeCollection, AuthorizedPolicies> policies,
      @Nullable VisibleSpace visible) {}

  /** Binds a query for reading. */
  public Bound bind(SqlText text) {
    return bind(text, analysis -> Set.of());
  }

  /**
   * Binds a query.
   *
   * @param target picks the table references that are to show their rows' identity
   */
  public Bound bind(SqlText text, Function<Analysis, Set<Integer>> target) {
    return bind(text, target, Optional.empty());
  }

  /**
   * Binds a query.
   *
   * @param targetRows the query that stands for the target instead of its own rows
   */
  public Bound bind(
      SqlText text, Function<Analysis, Set<Integer>> target, Optional<String> targetRows) {
    BindEvent event = new BindEvent();
    event.begin();
    try {
      return bound(text, target, targetRows);
    } finally {
      event.commit();
    }
  }

  private Bound bound(
      SqlText text, Function<Analysis, Set<Integer>> target, Optional<String> targetRows) {
    EngineParts engine = context.engine();
    Analysis analysis = engine.analyzer().analyze(text);
    ParameterValues parameters = new ParameterValues(analysis.parameters(), context.parameters());
    Authorized authorized = authorized(text, analysis);
    BindRequest request = request(authorized, parameters, target.apply(analysis), targetRows);
    BoundQuery bound =
        engine
            .binder()
            .bind(
                request.withKeys(new JoinKeys(context, execution).of(request, authorized.space())));
    context.trail().reads(authorized.query().references());
    return new Bound(bound, authorized.access(), authorized.space());
  }

  private BindRequest request(
      Authorized authorized,
      ParameterValues parameters,
      Set<Integer> targets,
      Optional<String> targetRows) {
    EngineParts engine = context.engine();
    return new BindRequest(
        authorized.query(),
        authorized.space(),
        engine.files(),
        () -> visible(authorized),
        parameters,
        engine.constants().on(execution.connection(), context.session().settings().timeZone()),
        scan -> PushdownCheck.checked(execution.connection(), scan),
        execution,
        targets,
        targetRows,
        SessionMacros.of(context.session(), authorized.query()),
        Map.of(),
        engine.analyzer()::tree);
  }

  /** Whether a source can change the rows that a query of one table names. */
  public ChangePushdown.Decision change(SqlText text) {
    EngineParts engine = context.engine();
    Analysis analysis = engine.analyzer().analyze(text);
    Authorized authorized = authorized(text, analysis);
    return engine
        .binder()
        .change(
            request(
                authorized,
                new ParameterValues(analysis.parameters(), context.parameters()),
                Set.of(),
                Optional.empty()));
  }

  /** The condition of the row filters that the session's principal is under on a table. */
  public Optional<Binder.Condition> rowFilter(LakeCollection table) {
    EngineParts engine = context.engine();
    SqlText nothing = SqlText.of("SELECT 1");
    Authorized authorized = authorized(nothing, engine.analyzer().analyze(nothing));
    return engine
        .binder()
        .rowFilter(
            request(authorized, ParameterValues.NONE, Set.of(), Optional.empty()),
            authorized.policies().apply(table));
  }

  /**
   * Binds a policy's subquery for its author, so that its mistakes show; every policy that it meets
   * counts, whomever it is for.
   *
   * @param on the policy's table
   */
  public BoundQuery bindPolicy(SqlText text, CollectionId on) {
    applying = List.of(on);
    return bind(text).query();
  }

  /** What is wanted of sources is asked for between two attempts, outside of transactions. */
  private Authorized authorized(SqlText text, Analysis analysis) {
    while (true) {
      try {
        return attempted(text, analysis);
      } catch (StatementSources.Wanted wanted) {
        context.cancellation().check();
        wanted.lookUp();
      }
    }
  }

  private Authorized attempted(SqlText text, Analysis analysis) {
    EngineParts engine = context.engine();
    LakeTransaction transaction = context.transaction();
    if (transaction == null) {
      return engine
          .metastore()
          .read(tx ->
              authorize(
                  Rights.of(tx, context),
                  owner -> owner(tx, owner),
                  PinnedSpace.newest(engine.lake(), tx, context.session().space()),
                  policies(tx),
                  alias -> tx.sources().find(context.session().space(), alias),
                  () -> Rights.bindableDatabases(tx, context),
                  text,
                  analysis));
    }
    return authorize(
        engine.metastore().read(tx -> Rights.of(tx, context)),
        owner -> engine.metastore().read(tx -> owner(tx, owner)),
        PinnedSpace.of(engine.lake(), engine.metastore(), context.session().space(), transaction),
        engine.metastore().read(this::policies),
        alias -> engine.metastore().read(tx -> tx.sources().find(context.session().space(), alias)),
        () -> engine.metastore().read(tx -> Rights.bindableDatabases(tx, context)),
        text,
        analysis);
  }

  private static VisibleSpace visible(Authorized authorized) {
    VisibleSpace visible = authorized.visible();
    if (visible == null) {
      throw new IllegalStateException("no metadata was gathered");
    }
    return visible;
  }

  /** Those that apply instead of the principal's own; empty for its own. */
  private Optional<Map<CollectionId, TablePolicies>> policies(MetastoreTransaction tx) {
    return applying.isEmpty()
        ? Optional.empty()
        : Optional.of(AccessControl.everyPolicy(tx, context.session().space()));
  }

  private Authorized authorize(
      Access access,
      Function<PrincipalId, Optional<Access>> owners,
      PinnedSpace space,
      Optional<Map<CollectionId, TablePolicies>> every,
      Function<SourceAlias, Optional<Source>> sources,
      Supplier<List<String>> databases,
      SqlText text,
      Analysis analysis) {
    SessionState session = context.session();
    Function<CollectionId, TablePolicies> policies =
        every
            .<Function<CollectionId, TablePolicies>>map(
                all -> table -> all.getOrDefault(table, TablePolicies.NONE))
            .orElse(access::policies);
    Scope scope =
        new Scope(
            session.database(),
            session.schema(),
            session.place(),
            access,
            new Scope.Asker(policies, RemotePolicies.of(access), access.context()),
            owners,
            space,
            execution.sources().reader(sources, execution.connection()),
            this::times,
            Optional.empty(),
            0,
            applying);
    Authorizer authorizer = context.engine().authorizer();
    AuthorizedQuery query = authorizer.authorize(text, analysis, scope);
    VisibleSpace visible =
        readsMetadata(query)
            ? VisibleSpaces.of(
                space,
                access,
                session.database().value(),
                session.identity().name(),
                databases.get())
            : null;
    return new Authorized(
        query, access, space, table -> authorizer.policies(table, scope), visible);
  }

  private Map<Integer, TimeTravel> times(SqlText text, Analysis analysis) {
    return TimeTravels.of(
        text,
        analysis,
        new ParameterValues(analysis.parameters(), context.parameters()),
        ConstantCache.anew(execution.connection()),
        context.engine().analyzer());
  }

  private Optional<Access> owner(MetastoreTransaction tx, PrincipalId owner) {
    Identity asker = context.session().identity();
    if (owner.equals(asker.id())) {
      // With a part of its rights nobody reads all that the owner may, itself.
      return Optional.of(
          context.engine().accessControl().access(tx, asker, context.session().space()));
    }
    return Rights.identity(tx, owner)
        .map(identity ->
            context.engine().accessControl().access(tx, identity, context.session().space()));
  }

  private static boolean readsMetadata(AuthorizedQuery query) {
    for (ResolvedReference reference : query.references()) {
      boolean reads =
          switch (reference) {
            case ResolvedReference.Table table -> false;
            case ResolvedReference.View view -> readsMetadata(view.query());
            case ResolvedReference.Remote remote -> false;
            case ResolvedReference.Metadata metadata -> true;
          };
      if (reads) {
        return true;
      }
    }
    return false;
  }

  /** The tables read, for a serializable transaction's validation. */
  public static void recordReads(StatementContext context, BoundQuery query) {
    LakeTransaction transaction = context.transaction();
    if (transaction != null) {
      List<BoundQuery.Read> reads = query.reads();
      reads.forEach(read -> transaction.recordRead(read.table(), read.filter()));
    }
  }
}
