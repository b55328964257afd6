package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.Page;
import dev.polder.model.ErrorCode;
import dev.polder.policy.admin.TenantAdministration;
import dev.polder.sql.statement.AdminStatement;
import java.util.List;

/** CREATE, ALTER, DROP and SHOW TENANT. Stateless. */
final class TenantStatements {
  static final List<Header> COLUMNS =
      List.of(Table.text("id"), Table.time("created_at"), Table.text("default_database"));

  private TenantStatements() {}

  static Result run(Work work, AdminStatement.TenantStatement statement) {
    return switch (statement) {
      case AdminStatement.CreateTenant create ->
          work.change(
              create.ifNotExists(),
              ErrorCode.TENANT_EXISTS,
              tx -> TenantAdministration.create(tx, work.actor(), create.tenant()));
      case AdminStatement.DropTenant drop ->
          work.change(
              drop.ifExists(),
              ErrorCode.TENANT_NOT_FOUND,
              tx -> {
                TenantAdministration.drop(tx, work.actor(), drop.tenant());
                return drop;
              });
      case AdminStatement.AlterTenant(var _, var tenant, var database) -> {
        work.write(tx -> {
          TenantAdministration.setDefaultDatabase(tx, work.actor(), tenant, database);
          return tenant;
        });
        yield work.done();
      }
      case AdminStatement.ShowTenants ignored -> show(work);
      case AdminStatement.CreateIdentityProvider create ->
          IdentityProviderStatements.create(work, create);
      case AdminStatement.DropIdentityProvider drop -> IdentityProviderStatements.drop(work, drop);
      case AdminStatement.ShowIdentityProviders ignored -> IdentityProviderStatements.show(work);
    };
  }

  private static Result show(Work work) {
    Table table =
        work.read(tx -> {
          Table rows = Table.of(COLUMNS);
          Work.each(
              after -> TenantAdministration.list(tx, work.actor(), after, Page.MAX_LIMIT),
              tenant ->
                  rows.add(
                      tenant.id().value(),
                      tenant.createdAt(),
                      work.name(tx, tenant.defaultDatabase())));
          return rows;
        });
    return table.answer(work.context());
  }
}
