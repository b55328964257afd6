package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Role;
import dev.polder.model.ErrorCode;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.sql.statement.AdminStatement;
import java.util.List;
import java.util.Optional;

/** CREATE, DROP and SHOW ROLE. Stateless. */
final class RoleStatements {
  static final List<Header> COLUMNS =
      List.of(Table.text("name"), Table.text("tenant"), Table.text("database"));

  private RoleStatements() {}

  static Result run(Work work, AdminStatement.RoleStatement statement) {
    return switch (statement) {
      case AdminStatement.CreateRole create -> {
        Optional<TenantId> tenant = work.tenant(create.tenant());
        yield work.change(
            create.ifNotExists(),
            ErrorCode.ROLE_EXISTS,
            tx -> {
              tenant.ifPresent(tx.tenants()::get);
              return RoleAdministration.create(tx, work.actor(), tenant, create.role());
            });
      }
      case AdminStatement.DropRole drop ->
          work.change(
              drop.ifExists(),
              ErrorCode.ROLE_NOT_FOUND,
              tx -> {
                RoleAdministration.drop(tx, work.actor(), work.tenant(drop.tenant()), drop.role());
                return drop;
              });
      case AdminStatement.ShowRoles show -> show(work, show.tenant());
    };
  }

  private static Result show(Work work, Optional<TenantId> named) {
    Table table =
        work.read(tx -> {
          Table rows = Table.of(COLUMNS);
          for (Optional<TenantId> tenant : TenantScope.of(work, tx, named)) {
            Work.<Role>each(
                after -> RoleAdministration.list(tx, work.actor(), tenant, after, Page.MAX_LIMIT),
                role -> add(work, tx, rows, role));
            RoleAdministration.ofDatabases(tx, work.actor(), tenant)
                .forEach(role -> add(work, tx, rows, role));
          }
          return rows;
        });
    return table.answer(work.context());
  }

  private static void add(Work work, MetastoreTransaction tx, Table rows, Role role) {
    rows.add(
        role.name().value(),
        role.tenant().map(TenantId::value).orElse(null),
        work.name(tx, role.database()));
  }
}
