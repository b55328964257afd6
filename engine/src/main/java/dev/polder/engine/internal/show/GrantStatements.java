package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.Securable;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.DatabaseGrantAdministration;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.sql.statement.GrantStatement;
import dev.polder.sql.statement.GrantTarget;
import dev.polder.sql.statement.Grantee;
import dev.polder.sql.statement.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GRANT and REVOKE of privileges and roles. Stateless. */
final class GrantStatements {
  /** Some privileges on one thing, by its identity and the name it was found under. */
  private record Resolved(Set<Privilege> privileges, Securable on, String name) {}

  private GrantStatements() {}

  static Result run(Work work, GrantStatement statement) {
    return switch (statement) {
      case GrantStatement.Grant grant -> {
        dev.polder.policy.admin.Grantee to = grantee(grant.grantee());
        List<Resolved> resolved =
            work.read(tx -> resolve(work, tx, grant.privileges(), grant.target(), grant.tenant()));
        work.write(tx -> {
          for (Resolved item : resolved) {
            GrantAdministration.grant(
                tx, work.actor(), item.privileges(), item.on(), to, item.name());
          }
          return resolved;
        });
        yield work.done();
      }
      case GrantStatement.Revoke revoke -> {
        dev.polder.policy.admin.Grantee from = grantee(revoke.grantee());
        List<Resolved> resolved =
            work.read(
                tx -> resolve(work, tx, revoke.privileges(), revoke.target(), revoke.tenant()));
        yield work.change(
            "nothing was revoked: there was no such grant", tx -> revoke(work, tx, resolved, from));
      }
      case GrantStatement.GrantDatabase(var _, var role, var database, var to) ->
          work.change(
              role.word() + " was held already",
              tx ->
                  DatabaseGrantAdministration.grant(
                      tx, work.actor(), work.sessionTenant(), role, database, grantee(to)));
      case GrantStatement.RevokeDatabase(var _, var role, var database, var from) ->
          work.change(
              role.word() + " was not held",
              tx ->
                  DatabaseGrantAdministration.revoke(
                      tx, work.actor(), work.sessionTenant(), role, database, grantee(from)));
      case GrantStatement.GrantRole grant ->
          work.change("role " + grant.role() + " was held already", tx -> give(work, tx, grant));
      case GrantStatement.RevokeRole revoke ->
          work.change("role " + revoke.role() + " was not held", tx -> take(work, tx, revoke));
      case GrantStatement.ShowGrants show ->
          GrantList.of(work, show.grantee(), show.tenant()).answer(work.context());
    };
  }

  private static boolean revoke(
      Work work,
      MetastoreTransaction tx,
      List<Resolved> resolved,
      dev.polder.policy.admin.Grantee from) {
    int ended = 0;
    for (Resolved item : resolved) {
      ended +=
          GrantAdministration.revoke(
              tx, work.actor(), item.privileges(), item.on(), from, item.name());
    }
    return ended > 0;
  }

  private static boolean give(Work work, MetastoreTransaction tx, GrantStatement.GrantRole grant) {
    return switch (grant.grantee()) {
      case Grantee.User(var user) -> RoleAdministration.give(tx, work.actor(), grant.role(), user);
      case Grantee.Group(var group) ->
          RoleAdministration.give(
              tx, work.actor(), work.tenant(grant.tenant()), grant.role(), group);
      case Grantee.Role(var role) ->
          RoleAdministration.give(
              tx, work.actor(), work.tenant(grant.tenant()), grant.role(), role);
    };
  }

  private static boolean take(
      Work work, MetastoreTransaction tx, GrantStatement.RevokeRole revoke) {
    return switch (revoke.grantee()) {
      case Grantee.User(var user) -> RoleAdministration.take(tx, work.actor(), revoke.role(), user);
      case Grantee.Group(var group) ->
          RoleAdministration.take(
              tx, work.actor(), work.tenant(revoke.tenant()), revoke.role(), group);
      case Grantee.Role(var role) ->
          RoleAdministration.take(
              tx, work.actor(), work.tenant(revoke.tenant()), revoke.role(), role);
    };
  }

  private static dev.polder.policy.admin.Grantee grantee(Grantee grantee) {
    return switch (grantee) {
      case Grantee.User(var name) -> new dev.polder.policy.admin.Grantee.ToUser(name);
      case Grantee.Role(var name) -> new dev.polder.policy.admin.Grantee.ToRole(name);
      case Grantee.Group(var name) -> new dev.polder.policy.admin.Grantee.ToGroup(name);
    };
  }

  private static List<Resolved> resolve(
      Work work,
      MetastoreTransaction tx,
      List<GrantStatement.GrantedPrivilege> privileges,
      GrantTarget target,
      Optional<TenantId> tenant) {
    Places places = new Places(work, tx);
    SourceNames sources = new SourceNames(work, tx);
    List<Resolved> resolved = new ArrayList<>();
    switch (target) {
      case GrantTarget.Database(var name) -> {
        Securable on = new Securable.Space(places.space(Optional.of(name.value()), tenant));
        whole(privileges).forEach(set -> resolved.add(new Resolved(set, on, "database " + name)));
      }
      case GrantTarget.Schema(var name) -> {
        Optional<SourceObject> remote = sources.schema(name, tenant);
        if (remote.isPresent()) {
          addIn(remote.get(), privileges, resolved);
        } else {
          var schema = places.schema(name, tenant);
          Securable on = new Securable.Schema(schema.space(), schema.id());
          whole(privileges)
              .forEach(set -> resolved.add(new Resolved(set, on, "schema " + schema.name())));
        }
      }
      case GrantTarget.Source(var alias) ->
          addIn(sources.whole(alias, tenant), privileges, resolved);
      case GrantTarget.Collection(var name) ->
          addOn(sources.table(name, tenant), places, name, tenant, privileges, resolved);
      case GrantTarget.Named(var name) -> {
        Optional<SourceObject> remote = sources.named(name, tenant);
        if (remote.isPresent() && remote.get().path().isEmpty()) {
          requireNoTable(places, name, tenant);
        }
        addOn(remote, places, name, tenant, privileges, resolved);
      }
    }
    return resolved;
  }

  /** A table of the alias's name must not be taken for the whole source. */
  private static void requireNoTable(Places places, ObjectName alias, Optional<TenantId> tenant) {
    if (places.find(alias, tenant).isPresent()) {
      throw new PolderException(
          ErrorCode.AMBIGUOUS_NAME,
          "'"
              + alias
              + "' is a source and a table; write ON SOURCE "
              + alias
              + " or ON TABLE "
              + alias);
    }
  }

  private static void addOn(
      Optional<SourceObject> remote,
      Places places,
      ObjectName name,
      Optional<TenantId> tenant,
      List<GrantStatement.GrantedPrivilege> privileges,
      List<Resolved> resolved) {
    if (remote.isPresent()) {
      addIn(remote.get(), privileges, resolved);
    } else {
      Places.Found found = places.collection(name, tenant);
      privileges.forEach(item -> addOn(found, item, resolved));
    }
  }

  private static void addIn(
      SourceObject on, List<GrantStatement.GrantedPrivilege> privileges, List<Resolved> resolved) {
    if (!on.isTable()) {
      whole(privileges)
          .forEach(set -> resolved.add(new Resolved(ofSource(set), on.securable(), on.toString())));
      return;
    }
    for (GrantStatement.GrantedPrivilege item : privileges) {
      Set<Privilege> set = ofSource(item.privileges());
      if (item.columns().isEmpty()) {
        resolved.add(new Resolved(set, on.securable(), on.toString()));
      }
      item.columns().stream()
          .map(on::column)
          .forEach(
              column -> resolved.add(new Resolved(set, column.securable(), column.toString())));
    }
  }

  /** ALL is all that there is: nothing is created, altered or dropped in a source. */
  private static Set<Privilege> ofSource(Set<Privilege> privileges) {
    return privileges.size() == Privilege.values().length
        ? GrantAdministration.OF_SOURCES
        : privileges;
  }

  private static List<Set<Privilege>> whole(List<GrantStatement.GrantedPrivilege> privileges) {
    return privileges.stream()
        .map(item -> {
          if (!item.columns().isEmpty()) {
            throw new PolderException(
                ErrorCode.SYNTAX_ERROR, "columns can be named for tables and views only");
          }
          return item.privileges();
        })
        .toList();
  }

  private static void addOn(
      Places.Found found, GrantStatement.GrantedPrivilege item, List<Resolved> resolved) {
    var entry = found.entry();
    String name = entry.ref().toString();
    if (item.columns().isEmpty()) {
      resolved.add(
          new Resolved(
              item.privileges(),
              new Securable.Collection(entry.space(), entry.schema(), entry.id()),
              name));
    }
    for (String column : item.columns()) {
      var field = found.column(column);
      resolved.add(
          new Resolved(
              item.privileges(),
              new Securable.Column(entry.space(), entry.schema(), entry.id(), field.fieldId()),
              name + "." + field.name()));
    }
  }
}
