package dev.polder.engine.internal.execute;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows;
import dev.polder.engine.internal.result.JavaRows.ColumnType;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.session.Bindings;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.engine.internal.session.SessionState.OpenTransaction;
import dev.polder.engine.internal.source.SourceClients;
import dev.polder.engine.internal.source.SourceTransactions;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Access;
import dev.polder.policy.Identity;
import dev.polder.sql.authorise.SourcePlace;
import dev.polder.sql.bind.Constants;
import dev.polder.sql.statement.Begin;
import dev.polder.sql.statement.Commit;
import dev.polder.sql.statement.Deallocate;
import dev.polder.sql.statement.Execute;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.Prepare;
import dev.polder.sql.statement.ResetSetting;
import dev.polder.sql.statement.Rollback;
import dev.polder.sql.statement.SessionStatement;
import dev.polder.sql.statement.SetSetting;
import dev.polder.sql.statement.ShowSetting;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements about the session itself. Stateless. */
final class SessionExecution {
  private SessionExecution() {}

  static boolean readsOnly(SessionStatement statement) {
    return statement instanceof ShowSetting;
  }

  static Result run(StatementContext context, SessionStatement statement, Runnable ended) {
    SessionState session = context.session();
    switch (statement) {
      case Use use -> use(context, use);
      case SetSetting set -> set(context, set);
      case ResetSetting reset ->
          reset.name().ifPresentOrElse(name -> reset(session, name), () -> resetAll(session));
      case ShowSetting show -> {
        return show(context, show);
      }
      case Begin begin -> begin(context, begin);
      case Commit commit -> commit(context);
      case Rollback rollback -> rollback(context);
      case Prepare prepare -> session.prepared().put(prepare.name(), prepare.inner());
      case Execute execute -> {
        return execute(context, execute, ended);
      }
      case Deallocate deallocate ->
          deallocate
              .name()
              .ifPresentOrElse(
                  name -> session.prepared().remove(name), () -> session.prepared().clear());
    }
    return new Result.Updated(-1, context.notices());
  }

  private static void use(StatementContext context, Use use) {
    ObjectName name = use.name();
    List<String> parts = name.parts();
    SessionState session = context.session();
    if (parts.size() == 1
        && !use.database()
        && isSchema(context, session.space(), parts.getFirst())) {
      if (session.transaction().filter(OpenTransaction::failed).isPresent()) {
        throw new PolderException(
            ErrorCode.TRANSACTION_ABORTED,
            "the transaction has failed; statements are ignored until ROLLBACK");
      }
      session.setSchema(new SchemaName(parts.getFirst()));
      return;
    }
    if (!use.database() && parts.size() <= 2) {
      Optional<SourcePlace> place = source(context, parts);
      if (place.isPresent()) {
        session.setPlace(place.get());
        return;
      }
    }
    // All is looked up before anything changes.
    SessionState.Binding binding =
        Bindings.bind(
            context.engine(),
            session.identity(),
            session.space().tenant(),
            Optional.of(Bindings.name(parts.getFirst())));
    if (parts.size() == 2 && !isSchema(context, binding.space(), parts.get(1))) {
      throw noSchema(parts.get(1));
    }
    session.bind(binding);
    if (parts.size() == 2) {
      session.setSchema(new SchemaName(parts.get(1)));
    }
  }

  /** The schema of a source that a name means: of one that the principal may know. */
  private static Optional<SourcePlace> source(StatementContext context, List<String> parts) {
    SpaceKey space = context.session().space();
    Optional<Source> found =
        context
            .engine()
            .metastore()
            .read(tx -> {
              // The bound database may be gone: USE is how one leaves it.
              Identity identity = context.session().identity();
              Rights.requireValid(tx, context.engine(), identity);
              Access access = context.engine().accessControl().access(tx, identity, space);
              return SourceAlias.of(parts.getFirst())
                  .flatMap(alias -> tx.sources().find(space, alias))
                  .filter(source -> access.visibleSource(source.id(), List.of()));
            });
    return found.map(source -> {
      if (parts.size() == 2) {
        return new SourcePlace(source.alias().value(), parts.get(1));
      }
      try (SourceClients.Lease lease = context.engine().sources().lease(source)) {
        return new SourcePlace(source.alias().value(), lease.client().defaultSchema());
      }
    });
  }

  /** Moves to a schema of the bound database, if there is such a one. */
  private static boolean setSchema(StatementContext context, String name) {
    boolean exists = isSchema(context, context.session().space(), name);
    if (exists) {
      context.session().setSchema(new SchemaName(name));
    }
    return exists;
  }

  private static boolean isSchema(StatementContext context, SpaceKey space, String name) {
    SchemaName schema = new SchemaName(name);
    return context
        .engine()
        .metastore()
        .read(tx -> {
          Identity identity = context.session().identity();
          Rights.requireValid(tx, context.engine(), identity);
          Access access = context.engine().accessControl().access(tx, identity, space);
          return tx.schemas().find(space, schema).filter(it -> access.visible(it.id())).isPresent();
        });
  }

  private static PolderException noSchema(String name) {
    return new PolderException(
        ErrorCode.SCHEMA_NOT_FOUND,
        "schema " + name + " does not exist; SHOW SCHEMAS lists what there is");
  }

  private static void set(StatementContext context, SetSetting set) {
    SessionState session = context.session();
    Optional<String> value = set.value();
    switch (set.name()) {
      case "schema", "search_path" -> {
        if (value.isEmpty()) {
          session.resetSchema();
        } else if (!setSchema(context, value.get())) {
          throw noSchema(value.get());
        }
      }
      default ->
          value.ifPresentOrElse(
              text -> session.settings().set(set.name(), text),
              () -> session.settings().reset(set.name()));
    }
  }

  private static void reset(SessionState session, String name) {
    if (name.equals("schema") || name.equals("search_path")) {
      session.resetSchema();
    } else {
      session.settings().reset(name);
    }
  }

  private static void resetAll(SessionState session) {
    session.settings().resetAll();
    session.resetSchema();
  }

  private static Result show(StatementContext context, ShowSetting show) {
    String name = show.name().orElse("all");
    SessionState session = context.session();
    List<List<String>> rows = new ArrayList<>();
    List<Header> headers;
    if (name.equals("all")) {
      headers =
          List.of(
              new Header("name", ColumnType.VARCHAR), new Header("setting", ColumnType.VARCHAR));
      session.settings().all().forEach((key, value) -> rows.add(List.of(key, value)));
    } else {
      headers = List.of(new Header(name, ColumnType.VARCHAR));
      rows.add(List.of(value(session, name)));
    }
    return new JavaRows(context.engine().memory(), headers, rows, context.notices());
  }

  private static String value(SessionState session, String name) {
    return switch (name) {
      case "schema", "search_path" ->
          session.place().map(SourcePlace::toString).orElse(session.schema().value());
      case "database" -> session.database().value();
      case "transaction_isolation", "transaction isolation level" ->
          session
              .transaction()
              .map(open -> open.lake().isolation().name().toLowerCase(Locale.ROOT))
              .orElseGet(() -> session.settings().get("default_transaction_isolation"));
      case "server_version" -> "18.0 (Polder)";
      default -> session.settings().get(name);
    };
  }

  private static void begin(StatementContext context, Begin begin) {
    SessionState session = context.session();
    if (session.transaction().isPresent()) {
      throw new PolderException(
          ErrorCode.TRANSACTION_ACTIVE, "a transaction is open already; COMMIT or ROLLBACK it");
    }
    boolean serializable =
        begin
            .isolation()
            .map(level -> level == Begin.Isolation.SERIALIZABLE)
            .orElseGet(() -> session.settings().serializable());
    session.creations().clear();
    session.begin(
        new OpenTransaction(
            open(context, serializable),
            new SourceTransactions(context.engine().sources(), begin.readOnly()),
            begin.readOnly()));
  }

  private static LakeTransaction open(StatementContext context, boolean serializable) {
    return Transactions.begin(
        context, serializable ? IsolationLevel.SERIALIZABLE : IsolationLevel.SNAPSHOT);
  }

  private static void commit(StatementContext context) {
    SessionState session = context.session();
    Optional<OpenTransaction> open = session.transaction();
    if (open.isEmpty()) {
      context.notice("NO_ACTIVE_TRANSACTION", "there is no transaction in progress");
      return;
    }
    session.end();
    try (OpenTransaction _ = open.get()) {
      if (open.get().failed()) {
        context.notice(
            "TRANSACTION_ABORTED", "the transaction had failed and was rolled back instead");
        return;
      }
      Transactions.commit(context, open.get());
      session.creations().granted(context);
    }
  }

  private static void rollback(StatementContext context) {
    SessionState session = context.session();
    Optional<OpenTransaction> open = session.transaction();
    if (open.isEmpty()) {
      context.notice("NO_ACTIVE_TRANSACTION", "there is no transaction in progress");
      return;
    }
    session.end();
    open.get().close();
  }

  private static Result execute(StatementContext context, Execute execute, Runnable ended) {
    List<@Nullable Object> values = new ArrayList<>();
    if (!execute.arguments().isEmpty()) {
      try (Execution execution = context.execution()) {
        Constants constants =
            (expression, parameters) ->
                execution
                    .connection()
                    .rows("SELECT " + expression, parameters)
                    .getFirst()
                    .getFirst();
        for (Execute.Argument argument : execute.arguments()) {
          requireConstant(context, argument.value());
          values.add(constants.evaluate(argument.value().toString(), List.of()));
        }
      }
    }
    return StatementExecutor.execute(
        context.with(values), context.session().prepared().get(execute.name()), ended);
  }

  private static void requireConstant(StatementContext context, SqlText value) {
    var analysis = context.engine().analyzer().analyze(SqlText.of("SELECT " + value));
    analysis
        .functions()
        .forEach(
            function -> dev.polder.sql.analyse.FunctionPolicy.check(function, value.position(0)));
    if (!analysis.tables().isEmpty()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED, "arguments of EXECUTE cannot read tables; pass values");
    }
  }
}
