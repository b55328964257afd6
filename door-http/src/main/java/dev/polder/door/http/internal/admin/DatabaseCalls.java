package dev.polder.door.http.internal.admin;

import static dev.polder.door.http.internal.admin.AdminCall.reply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is done with whole databases beside creating and dropping, and with sessions in them. */
final class DatabaseCalls {
  private static final List<String> ROLES = List.of("reader", "editor", "owner");

  private DatabaseCalls() {}

  static AdminCall rename(Fields fields) {
    String name = fields.string("name");
    String to = fields.string("to");
    return AdminCall.of(
        SqlText.of("ALTER DATABASE").name(name).words("RENAME TO").name(to), reply("name", to));
  }

  static AdminCall promote(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(
        SqlText.of("ALTER DATABASE").name(name).words("PROMOTE"), reply("name", name));
  }

  static AdminCall detachMirror(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(
        SqlText.of("ALTER DATABASE")
            .name(name)
            .words("DETACH MIRROR")
            .name(fields.string("mirror")),
        reply("name", name));
  }

  static AdminCall createCluster(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(
        SqlText.create("CREATE CLUSTER", fields)
            .name(name)
            .words("WITH (url =")
            .literal(fields.string("url"))
            .words(", token =")
            .literal(fields.string("token"))
            .words(")"),
        reply("name", name));
  }

  static AdminCall updateCluster(Fields fields) {
    String name = fields.string("name");
    List<String> settings = new ArrayList<>();
    for (String setting : List.of("url", "token")) {
      fields
          .optionalString(setting)
          .ifPresent(value ->
              settings.add(SqlText.of(setting.toUpperCase(Locale.ROOT)).literal(value).toString()));
    }
    if (settings.isEmpty()) {
      throw Fields.bad("give 'url', 'token' or both");
    }
    return AdminCall.of(
        SqlText.of("ALTER CLUSTER").name(name).words("SET " + String.join(", ", settings)),
        reply("name", name));
  }

  static AdminCall deleteCluster(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(SqlText.drop("DROP CLUSTER", fields).name(name), reply("name", name));
  }

  static String showMirrorStatus(Exchange exchange) {
    return SqlText.of("SHOW DATABASE MIRROR STATUS FOR")
        .name(required(exchange, "databaseName"))
        .toString();
  }

  static AdminCall materialize(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(alter(name).words("MATERIALIZE"), reply("name", name));
  }

  static AdminCall addTenant(Fields fields) {
    String name = fields.string("name");
    SqlText sql = alter(name);
    sql.words(SqlText.create("ADD TENANT", fields).name(fields.string("tenant")).toString());
    return AdminCall.of(sql, reply("name", name));
  }

  static AdminCall removeTenant(Fields fields) {
    String name = fields.string("name");
    SqlText sql = alter(name);
    sql.words(SqlText.drop("REMOVE TENANT", fields).name(fields.string("tenant")).toString());
    return AdminCall.of(sql, reply("name", name));
  }

  static AdminCall reset(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(
        SqlText.of("RESET DATABASE").name(name).words("TO SOURCE"), reply("name", name));
  }

  static AdminCall undrop(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(SqlText.of("UNDROP DATABASE").name(name), reply("name", name));
  }

  static AdminCall backup(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(
            SqlText.of("BACKUP DATABASE").name(name).words("TO").literal(fields.string("to")),
            reply("name", name))
        .answeringRow();
  }

  static AdminCall restore(Fields fields) {
    String name = fields.string("name");
    SqlText sql =
        SqlText.of("RESTORE DATABASE").name(name).words("FROM").literal(fields.string("from"));
    if (fields.flag("force").orElse(false)) {
      sql.words("FORCE");
    }
    if (fields.flag("dryRun").orElse(false)) {
      sql.words("DRY RUN");
    }
    return AdminCall.of(sql, reply("name", name)).answeringRow();
  }

  static AdminCall update(Fields fields) {
    String name = fields.string("name");
    List<String> statements = new ArrayList<>();
    fields
        .optionalNumber("idleTimeoutSeconds")
        .ifPresent(seconds ->
            statements.add(alter(name).words("SET IDLE_TIMEOUT = " + seconds).toString()));
    fields
        .optionalString("auditDml")
        .ifPresent(
            mode -> statements.add(alter(name).words("SET AUDIT_DML =").literal(mode).toString()));
    if (statements.isEmpty()) {
      throw Fields.bad("give 'idleTimeoutSeconds', where 0 is without limit, or 'auditDml'");
    }
    return AdminCall.of(statements, reply("name", name));
  }

  private static SqlText alter(String database) {
    return SqlText.of("ALTER DATABASE").name(database);
  }

  static AdminCall moveTenant(Fields fields) {
    String tenant = fields.string("name");
    SqlText sql =
        SqlText.of("MOVE TENANT")
            .name(tenant)
            .words("FROM")
            .name(fields.string("from"))
            .words("TO")
            .name(fields.string("to"));
    fields
        .optionalNumber("drainTimeoutSeconds")
        .ifPresent(seconds -> sql.words("WITH (drain_timeout = " + seconds + ")"));
    return AdminCall.of(sql, reply("name", tenant));
  }

  static AdminCall role(boolean grant, Fields fields) {
    String name = fields.string("name");
    String role = fields.string("role").toLowerCase(Locale.ROOT);
    if (!ROLES.contains(role)) {
      throw Fields.bad("'role' must be one of " + String.join(", ", ROLES));
    }
    SqlText sql =
        SqlText.of((grant ? "GRANT" : "REVOKE") + " DATABASE_" + role.toUpperCase(Locale.ROOT))
            .words("ON DATABASE")
            .name(name)
            .words(grant ? "TO" : "FROM");
    List<String> kinds = List.of("user", "group", "toRole");
    List<Optional<String>> given = kinds.stream().map(fields::optionalString).toList();
    if (given.stream().filter(Optional::isPresent).count() != 1) {
      throw Fields.bad("give exactly one of 'user', 'group' and 'toRole'");
    }
    given.get(0).ifPresent(user -> sql.words("USER").name(user));
    given.get(1).ifPresent(group -> sql.words("GROUP").name(group));
    given.get(2).ifPresent(to -> sql.words("ROLE").name(to));
    ObjectNode reply = reply("name", name);
    reply.put(grant ? "granted" : "revoked", role);
    return AdminCall.of(sql, reply);
  }

  static AdminCall kill(Fields fields) {
    String id = fields.string("id");
    String what = fields.flag("statementOnly").orElse(false) ? "KILL QUERY" : "KILL SESSION";
    return AdminCall.of(SqlText.of(what).literal(id), reply("killed", id));
  }

  static String showDatabases(Exchange exchange) {
    return switch (exchange.query("dropped").orElse("false")) {
      case "true" -> "SHOW DROPPED DATABASES";
      case "false" -> "SHOW DATABASES";
      default -> throw Fields.bad("'dropped' must be true or false");
    };
  }

  static String showSessions(Exchange exchange) {
    SqlText sql = SqlText.of("SHOW SESSIONS");
    exchange.query("databaseName").ifPresent(name -> sql.words("IN DATABASE").name(name));
    return sql.toString();
  }

  static String previewCollect(Exchange exchange) {
    return SqlText.of("COLLECT DATABASE")
        .name(required(exchange, "databaseName"))
        .words("DRY RUN")
        .toString();
  }

  static String showCollected(Exchange exchange) {
    SqlText sql = SqlText.of("SHOW COLLECTED");
    exchange.query("databaseName").ifPresent(name -> sql.words("IN DATABASE").name(name));
    return sql.words("LIMIT 10000").toString();
  }

  static String showLineage(Exchange exchange) {
    return SqlText.of("SHOW DATABASE LINEAGE FOR")
        .name(required(exchange, "databaseName"))
        .toString();
  }

  static String showDiff(Exchange exchange) {
    return SqlText.of("SHOW DATABASE DIFF")
        .name(required(exchange, "left"))
        .words(",")
        .name(required(exchange, "right"))
        .toString();
  }

  static String required(Exchange exchange, String parameter) {
    return exchange
        .query(parameter)
        .orElseThrow(() -> Fields.bad("query parameter '" + parameter + "' is missing"));
  }
}
