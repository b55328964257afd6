package dev.polder.door.http.internal.admin;

import static dev.polder.door.http.internal.admin.AdminCall.reply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tenants, users, roles, groups and tokens: created, changed, dropped. */
final class ObjectCalls {
  private static final Map<String, String> PROVIDER_OPTIONS =
      new TreeMap<>(
          Map.of(
              "mode", "mode",
              "principalClaim", "principal_claim",
              "rolesClaim", "roles_claim",
              "rolesPattern", "roles_pattern",
              "rolesName", "roles_name",
              "tenantClaim", "tenant_claim",
              "tenantValue", "tenant_value"));

  private ObjectCalls() {}

  static AdminCall createTenant(Fields fields) {
    String id = fields.string("id", "name");
    return AdminCall.of(SqlText.create("CREATE TENANT", fields).name(id), reply("id", id));
  }

  static AdminCall deleteTenant(Fields fields) {
    String id = fields.string("id", "name");
    return AdminCall.of(SqlText.drop("DROP TENANT", fields).name(id), reply("deleted", id));
  }

  static AdminCall updateTenant(Fields fields) {
    String id = fields.string("id", "name");
    String words =
        defaultDatabase(fields)
            .orElseThrow(() -> Fields.bad("give 'defaultDatabase': a name, or \"\" for none"));
    return AdminCall.of(SqlText.of("ALTER TENANT").name(id).words(words), reply("id", id));
  }

  static AdminCall createIdentityProvider(Fields fields) {
    String tenant = fields.string("tenant");
    List<String> options = new ArrayList<>();
    options.add(SqlText.option("issuer", fields.string("issuer")));
    options.add(SqlText.option("audience", String.join(",", fields.strings("audience"))));
    for (Map.Entry<String, String> option : PROVIDER_OPTIONS.entrySet()) {
      fields
          .optionalString(option.getKey())
          .ifPresent(value -> options.add(SqlText.option(option.getValue(), value)));
    }
    fields
        .flag("provision")
        .ifPresent(provision -> options.add(SqlText.option("provision", provision.toString())));
    boolean replace = fields.flag("replace").orElse(false);
    return AdminCall.of(
        SqlText.of(replace ? "CREATE OR REPLACE" : "CREATE")
            .words("IDENTITY PROVIDER FOR TENANT")
            .name(tenant)
            .with(options),
        reply("name", tenant));
  }

  static AdminCall deleteIdentityProvider(Fields fields) {
    String tenant = fields.string("tenant");
    return AdminCall.of(
        SqlText.drop("DROP IDENTITY PROVIDER", fields).words("FOR TENANT").name(tenant),
        reply("name", tenant));
  }

  /** An empty name is none. */
  private static Optional<String> defaultDatabase(Fields fields) {
    return fields
        .optionalString("defaultDatabase")
        .map(name ->
            name.isEmpty()
                ? "RESET DEFAULT DATABASE"
                : SqlText.of("SET DEFAULT DATABASE").name(name).toString());
  }

  static AdminCall createUser(Fields fields) {
    String name = fields.string("name", "user");
    SqlText sql = SqlText.create("CREATE USER", fields).name(name);
    ObjectNode reply = reply("name", name);
    fields
        .optionalString("password")
        .ifPresent(password -> sql.words("PASSWORD").literal(password));
    fields
        .optionalString("tenant")
        .ifPresent(tenant -> {
          sql.words("TENANT").name(tenant);
          reply.put("tenant", tenant);
        });
    if (fields.flag("superuser").orElse(false)) {
      sql.words("SUPERUSER");
    }
    return AdminCall.of(sql, reply);
  }

  static AdminCall updateUser(Fields fields) {
    String name = fields.string("name", "user");
    List<String> statements = new ArrayList<>();
    fields
        .optionalString("password")
        .ifPresent(password ->
            statements.add(alter(name).words("SET PASSWORD").literal(password).toString()));
    fields
        .flag("enabled")
        .ifPresent(enabled ->
            statements.add(alter(name).words(enabled ? "ENABLE" : "DISABLE").toString()));
    fields
        .flag("superuser")
        .ifPresent(superuser ->
            statements.add(alter(name).words(superuser ? "SUPERUSER" : "NOSUPERUSER").toString()));
    defaultDatabase(fields).ifPresent(words -> statements.add(alter(name).words(words).toString()));
    if (statements.isEmpty()) {
      throw Fields.bad("give 'password', 'enabled', 'superuser' or 'defaultDatabase'");
    }
    return AdminCall.of(statements, reply("name", name));
  }

  static AdminCall deleteUser(Fields fields) {
    String name = fields.string("name", "user");
    return AdminCall.of(SqlText.drop("DROP USER", fields).name(name), reply("deleted", name));
  }

  /**
   * @param kind ROLE or GROUP
   */
  static AdminCall create(String kind, Fields fields) {
    String name = fields.string("name", kind.toLowerCase(Locale.ROOT));
    ObjectNode reply = reply("name", name);
    SqlText sql = SqlText.create("CREATE " + kind, fields).name(name);
    inTenant(sql, fields.optionalString("tenant")).ifPresent(tenant -> reply.put("tenant", tenant));
    return AdminCall.of(sql, reply);
  }

  static AdminCall delete(String kind, Fields fields) {
    String name = fields.string("name", kind.toLowerCase(Locale.ROOT));
    SqlText sql = SqlText.drop("DROP " + kind, fields).name(name);
    inTenant(sql, fields.optionalString("tenant"));
    return AdminCall.of(sql, reply("deleted", name));
  }

  static AdminCall createToken(Fields fields) {
    SqlText sql = SqlText.of("CREATE TOKEN").name(fields.string("name"));
    fields.optionalString("user").ifPresent(user -> sql.words("FOR USER").name(user));
    fields
        .optionalString("expiresIn")
        .ifPresent(duration -> sql.words("EXPIRES IN").literal(duration));
    return AdminCall.of(sql, dev.polder.http.Json.MAPPER.createObjectNode()).answeringRow();
  }

  static AdminCall revokeToken(Fields fields) {
    String id = fields.string("id");
    return AdminCall.of(SqlText.of("REVOKE TOKEN").literal(id), reply("revoked", id));
  }

  /** Names the tenant of a role or group. */
  static Optional<String> inTenant(SqlText sql, Optional<String> tenant) {
    tenant.ifPresent(name -> sql.words("IN TENANT").name(name));
    return tenant;
  }

  private static SqlText alter(String user) {
    return SqlText.of("ALTER USER").name(user);
  }
}
