package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.NewPassword;
import dev.polder.policy.admin.NewUser;
import dev.polder.policy.admin.User;
import dev.polder.policy.admin.UserAdministration;
import dev.polder.sql.statement.AdminStatement;
import java.util.List;
import java.util.Optional;

/**
 * CREATE, ALTER, DROP and SHOW USER. Passwords are hashed before a transaction opens. Stateless.
 */
final class UserStatements {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("name"),
          Table.text("tenant"),
          Table.flag("superuser"),
          Table.flag("disabled"),
          Table.time("created_at"),
          Table.text("default_database"));

  private UserStatements() {}

  static Result run(Work work, AdminStatement.UserStatement statement) {
    return switch (statement) {
      case AdminStatement.CreateUser create -> create(work, create);
      case AdminStatement.AlterUser alter -> alter(work, alter.user(), alter.change());
      case AdminStatement.DropUser drop ->
          work.change(
              drop.ifExists(),
              ErrorCode.PRINCIPAL_NOT_FOUND,
              tx -> {
                UserAdministration.drop(tx, work.actor(), drop.user());
                return drop;
              });
      case AdminStatement.ShowUsers show -> show(work, show.tenant());
    };
  }

  private static Result create(Work work, AdminStatement.CreateUser create) {
    Optional<TenantId> tenant = create.superuser() ? create.tenant() : work.tenant(create.tenant());
    NewUser user =
        new NewUser(
            create.user(),
            tenant,
            PrincipalKind.USER,
            create.password().map(password -> hashed(work, create.user(), password)),
            create.superuser());
    return work.change(
        create.ifNotExists(),
        ErrorCode.PRINCIPAL_EXISTS,
        tx -> {
          tenant.ifPresent(tx.tenants()::get);
          return UserAdministration.create(tx, work.actor(), user);
        });
  }

  private static Result alter(Work work, PrincipalName user, AdminStatement.UserChange change) {
    switch (change) {
      case AdminStatement.UserChange.SetPassword(Secret password) -> {
        NewPassword hashed = hashed(work, user, password);
        work.write(tx -> {
          UserAdministration.setPassword(tx, work.actor(), user, hashed);
          return user;
        });
      }
      case AdminStatement.UserChange.SetEnabled(boolean enabled) ->
          work.write(tx -> {
            UserAdministration.setDisabled(tx, work.actor(), user, !enabled);
            return user;
          });
      case AdminStatement.UserChange.SetSuperuser(boolean superuser) ->
          work.write(tx -> {
            UserAdministration.setSuperuser(tx, work.actor(), user, superuser);
            return user;
          });
      case AdminStatement.UserChange.SetDefaultDatabase(Optional<DatabaseName> database) ->
          work.write(tx -> {
            UserAdministration.setDefaultDatabase(
                tx, work.actor(), work.sessionTenant(), user, database);
            return user;
          });
    }
    return work.done();
  }

  private static NewPassword hashed(Work work, PrincipalName user, Secret password) {
    return work.context()
        .engine()
        .authenticator()
        .newPassword(user, password, work.context().session().id().toString());
  }

  private static Result show(Work work, Optional<TenantId> tenant) {
    Table table =
        work.read(tx -> {
          Table rows = Table.of(COLUMNS);
          Work.<User>each(
              after -> UserAdministration.list(tx, work.actor(), tenant, after, Page.MAX_LIMIT),
              user ->
                  rows.add(
                      user.name().value(),
                      user.tenant().map(TenantId::value).orElse(null),
                      user.superuser(),
                      user.disabled(),
                      user.createdAt(),
                      work.name(tx, user.defaultDatabase())));
          return rows;
        });
    return table.answer(work.context());
  }
}
