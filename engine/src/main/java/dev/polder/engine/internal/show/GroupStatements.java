package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Group;
import dev.polder.model.ErrorCode;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.GroupAdministration;
import dev.polder.policy.admin.User;
import dev.polder.sql.statement.AdminStatement;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** CREATE, DROP and SHOW GROUP, and who is in one. Stateless. */
final class GroupStatements {
  static final List<Header> COLUMNS =
      List.of(Table.text("name"), Table.text("tenant"), Table.text("members"));

  private GroupStatements() {}

  static Result run(Work work, AdminStatement.GroupStatement statement) {
    return switch (statement) {
      case AdminStatement.CreateGroup create -> {
        Optional<TenantId> tenant = work.tenant(create.tenant());
        yield work.change(
            create.ifNotExists(),
            ErrorCode.GROUP_EXISTS,
            tx -> {
              tenant.ifPresent(tx.tenants()::get);
              return GroupAdministration.create(tx, work.actor(), tenant, create.group());
            });
      }
      case AdminStatement.DropGroup drop ->
          work.change(
              drop.ifExists(),
              ErrorCode.GROUP_NOT_FOUND,
              tx -> {
                GroupAdministration.drop(
                    tx, work.actor(), work.tenant(drop.tenant()), drop.group());
                return drop;
              });
      case AdminStatement.AddMember add ->
          work.change(
              "user " + add.user() + " is a member of group " + add.group() + " already",
              tx ->
                  GroupAdministration.addMember(
                      tx, work.actor(), work.tenant(add.tenant()), add.group(), add.user()));
      case AdminStatement.RemoveMember remove ->
          work.change(
              "user " + remove.user() + " is no member of group " + remove.group(),
              tx ->
                  GroupAdministration.removeMember(
                      tx,
                      work.actor(),
                      work.tenant(remove.tenant()),
                      remove.group(),
                      remove.user()));
      case AdminStatement.ShowGroups show -> show(work, show.tenant());
    };
  }

  private static Result show(Work work, Optional<TenantId> named) {
    Table table =
        work.read(tx -> {
          Table rows = Table.of(COLUMNS);
          for (Optional<TenantId> tenant : TenantScope.of(work, tx, named)) {
            Work.<Group>each(
                after -> GroupAdministration.list(tx, work.actor(), tenant, after, Page.MAX_LIMIT),
                group ->
                    rows.add(
                        group.name().value(),
                        group.tenant().map(TenantId::value).orElse(null),
                        members(work, tx, group)));
          }
          return rows;
        });
    return table.answer(work.context());
  }

  private static String members(Work work, MetastoreTransaction tx, Group group) {
    StringJoiner names = new StringJoiner(",");
    Work.<User>each(
        after ->
            GroupAdministration.members(
                tx, work.actor(), group.tenant(), group.name(), after, Page.MAX_LIMIT),
        user -> names.add(user.name().value()));
    return names.toString();
  }
}
