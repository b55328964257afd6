package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.PolicyAdministration;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.PolicyStatement;
import java.util.List;
import java.util.Optional;

/** Row filters and column masks. Expressions are proven on the table's columns first. Stateless. */
final class PolicyStatements {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("name"),
          Table.text("kind"),
          Table.text("schema"),
          Table.text("table"),
          Table.text("column"),
          Table.text("role"),
          Table.text("expression"));

  private PolicyStatements() {}

  static Result run(Work work, PolicyStatement statement) {
    return switch (statement) {
      case PolicyStatement.CreateRowFilter create -> createRowFilter(work, create);
      case PolicyStatement.CreateColumnMask create -> createColumnMask(work, create);
      case PolicyStatement.DropRowFilter drop ->
          drop(work, PolicyKind.ROW_FILTER, drop.name(), drop.ifExists(), drop.table());
      case PolicyStatement.DropColumnMask drop ->
          drop(work, PolicyKind.COLUMN_MASK, drop.name(), drop.ifExists(), drop.table());
      case PolicyStatement.ShowPolicies show -> show(work, show.table());
    };
  }

  private static Result createRowFilter(Work work, PolicyStatement.CreateRowFilter create) {
    Optional<SourceObject> remote = SourcePolicyStatements.table(work, create.table());
    if (remote.isPresent()) {
      return SourcePolicyStatements.create(
          work,
          remote.get(),
          Optional.empty(),
          create.name(),
          create.orReplace(),
          create.role(),
          create.expression());
    }
    Places.Found table = administered(work, create.table());
    String expression = create.expression().toString();
    PolicyCheck.rowFilter(work.context(), table, expression);
    work.write(tx -> {
      replaced(work, tx, table, PolicyKind.ROW_FILTER, create.name(), create.orReplace());
      return PolicyAdministration.createRowFilter(
          tx,
          work.actor(),
          table.entry().space(),
          table.entry().id(),
          create.name(),
          create.role(),
          expression);
    });
    return work.done();
  }

  private static Result createColumnMask(Work work, PolicyStatement.CreateColumnMask create) {
    Optional<SourceObject> remote = SourcePolicyStatements.table(work, create.table());
    if (remote.isPresent()) {
      return SourcePolicyStatements.create(
          work,
          remote.get(),
          Optional.of(create.column()),
          create.name(),
          create.orReplace(),
          create.role(),
          create.expression());
    }
    Places.Found table = administered(work, create.table());
    var column = table.column(create.column());
    String expression = create.expression().toString();
    PolicyCheck.columnMask(work.context(), table, column, expression);
    work.write(tx -> {
      replaced(work, tx, table, PolicyKind.COLUMN_MASK, create.name(), create.orReplace());
      return PolicyAdministration.createColumnMask(
          tx,
          work.actor(),
          table.entry().space(),
          table.entry().id(),
          column.fieldId(),
          create.name(),
          create.role(),
          expression);
    });
    return work.done();
  }

  /** The table, for those who may have policies on it: before anything is run for them. */
  private static Places.Found administered(Work work, ObjectName name) {
    return work.read(tx -> {
      Places.Found found = new Places(work, tx).collection(name, Optional.empty());
      PolicyAdministration.on(tx, work.actor(), found.entry().space(), found.entry().id());
      return found;
    });
  }

  private static void replaced(
      Work work,
      MetastoreTransaction tx,
      Places.Found table,
      PolicyKind kind,
      String name,
      boolean orReplace) {
    if (orReplace && find(work, tx, table, kind, name).isPresent()) {
      PolicyAdministration.drop(tx, work.actor(), table.entry().space(), table.entry().id(), name);
    }
  }

  private static Optional<Policy> find(
      Work work, MetastoreTransaction tx, Places.Found table, PolicyKind kind, String name) {
    return PolicyAdministration.on(tx, work.actor(), table.entry().space(), table.entry().id())
        .stream()
        .filter(policy -> policy.kind() == kind && policy.name().equals(name))
        .findFirst();
  }

  private static Result drop(
      Work work, PolicyKind kind, String name, boolean ifExists, ObjectName on) {
    Optional<SourceObject> remote = SourcePolicyStatements.table(work, on);
    if (remote.isPresent()) {
      return SourcePolicyStatements.drop(work, remote.get(), kind, name, ifExists);
    }
    Places.Found table = administered(work, on);
    return work.change(
        ifExists,
        ErrorCode.POLICY_NOT_FOUND,
        tx -> {
          if (find(work, tx, table, kind, name).isEmpty()) {
            throw new PolderException(
                ErrorCode.POLICY_NOT_FOUND,
                word(kind) + " '" + name + "' does not exist on " + table.entry().ref());
          }
          PolicyAdministration.drop(
              tx, work.actor(), table.entry().space(), table.entry().id(), name);
          return name;
        });
  }

  static String word(PolicyKind kind) {
    return switch (kind) {
      case ROW_FILTER -> "row filter";
      case COLUMN_MASK -> "column mask";
    };
  }

  private static Result show(Work work, Optional<ObjectName> table) {
    Table rows =
        work.read(tx -> {
          Table shown = Table.of(COLUMNS);
          Optional<SourceObject> remote =
              table.flatMap(name -> new SourceNames(work, tx).table(name, Optional.empty()));
          if (remote.isPresent()) {
            SourcePolicyStatements.add(work, tx, remote.get(), shown);
          } else if (table.isPresent()) {
            Places.Found found = new Places(work, tx).collection(table.get(), Optional.empty());
            SpaceKey space = found.entry().space();
            PolicyAdministration.on(tx, work.actor(), space, found.entry().id())
                .forEach(policy -> add(work, tx, shown, policy));
          } else {
            SpaceKey space = work.context().session().space();
            Work.<Policy>each(
                after -> PolicyAdministration.list(tx, work.actor(), space, after, Page.MAX_LIMIT),
                policy -> add(work, tx, shown, policy));
            SourcePolicyStatements.addAll(work, tx, space, shown);
          }
          return shown;
        });
    return rows.answer(work.context());
  }

  private static void add(Work work, MetastoreTransaction tx, Table shown, Policy policy) {
    Optional<CollectionEntry> entry =
        tx.collections().find(policy.collection()).filter(it -> it.droppedSeq().isEmpty());
    if (entry.isEmpty()) {
      return;
    }
    PinnedSpace reader = PinnedSpace.newest(work.context().engine().lake(), tx, policy.space());
    shown.add(
        policy.name(),
        policy.kind().name(),
        entry.get().ref().schema().value(),
        entry.get().ref().name(),
        policy.fieldId().isEmpty()
            ? null
            : GrantList.columnName(reader, entry.get(), policy.fieldId().getAsInt()).orElse(null),
        policy
            .role()
            .flatMap(tx.roles()::find)
            .map(role -> GrantAdministration.ref(tx, role).toString())
            .orElse(null),
        policy.expression());
  }
}
