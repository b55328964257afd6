package dev.polder.door.http.internal.admin;

import static dev.polder.door.http.internal.admin.AdminCall.reply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Memberships, permissions, row filters and column masks. */
final class AccessCalls {
  private static final Pattern PRIVILEGE = Pattern.compile("[A-Za-z]{1,32}");

  private AccessCalls() {}

  static AdminCall userRole(boolean add, Fields fields) {
    return member(add, "ROLE", fields.string("role"), "USER", fields.string("user"), fields);
  }

  static AdminCall groupRole(boolean add, Fields fields) {
    return member(add, "ROLE", fields.string("role"), "GROUP", fields.string("group"), fields);
  }

  static AdminCall roleRole(boolean add, Fields fields) {
    return member(add, "ROLE", fields.string("role"), "ROLE", fields.string("holder"), fields);
  }

  static AdminCall userGroup(boolean add, Fields fields) {
    return member(add, "GROUP", fields.string("group"), "USER", fields.string("user"), fields);
  }

  static AdminCall permission(boolean grant, Fields fields) {
    List<String> privileges = fields.strings("privileges");
    if (privileges.isEmpty()) {
      throw Fields.bad("'privileges' is missing: for example \"RO\" or [\"SELECT\", \"INSERT\"]");
    }
    List<String> columns = fields.strings("columns");
    Optional<String> tenant = fields.optionalString("tenant");
    Optional<String> database = fields.optionalString("database");
    Optional<String> schema = fields.optionalString("schema");
    Optional<String> table = fields.optionalString("table");
    SqlText sql = SqlText.of(grant ? "GRANT" : "REVOKE");
    for (int i = 0; i < privileges.size(); i++) {
      if (i > 0) {
        sql.words(",");
      }
      sql.words(privilege(privileges.get(i)));
      if (!columns.isEmpty()) {
        sql.columns(columns);
      }
    }
    if (table.isPresent()) {
      sql.words("ON TABLE")
          .table(
              schema.orElseThrow(() -> Fields.bad("'schema' is missing beside 'table'")),
              table.get());
    } else if (schema.isPresent()) {
      sql.words("ON SCHEMA").name(schema.get());
    } else {
      sql.words("ON DATABASE")
          .name(
              database.orElseThrow(
                  () -> Fields.bad("give 'database', 'schema', or 'schema' and 'table'")));
    }
    ObjectCalls.inTenant(sql, tenant);
    Optional<String> role = fields.optionalString("role");
    Optional<String> user = fields.optionalString("user");
    Optional<String> group = fields.optionalString("group");
    if (List.of(role, user, group).stream().filter(Optional::isPresent).count() != 1) {
      throw Fields.bad("give exactly one of 'role', 'user' and 'group'");
    }
    sql.words(grant ? "TO" : "FROM");
    role.ifPresent(name -> sql.words("ROLE").name(name));
    user.ifPresent(name -> sql.words("USER").name(name));
    group.ifPresent(name -> sql.words("GROUP").name(name));
    ObjectNode reply = Json.MAPPER.createObjectNode();
    privileges.forEach(reply.putArray(grant ? "granted" : "revoked")::add);
    return AdminCall.of(sql, reply).in(tenant, database);
  }

  static AdminCall createRowPolicy(Fields fields) {
    String name = fields.string("name");
    SqlText sql = SqlText.of("CREATE ROW FILTER").name(name).words("ON");
    onTable(sql, fields);
    forRole(sql, fields);
    sql.words("USING").expression(fields.string("expression"));
    return inDatabase(AdminCall.of(sql, reply("name", name)), fields);
  }

  static AdminCall createColumnPolicy(Fields fields) {
    String name = fields.string("name");
    SqlText sql = SqlText.of("CREATE COLUMN MASK").name(name).words("ON");
    onTable(sql, fields);
    sql.columns(List.of(fields.string("column")));
    forRole(sql, fields);
    sql.words("USING").expression(fields.string("expression"));
    return inDatabase(AdminCall.of(sql, reply("name", name)), fields);
  }

  /**
   * @param kind ROW FILTER or COLUMN MASK
   */
  static AdminCall deletePolicy(String kind, Fields fields) {
    String name = fields.string("name");
    SqlText sql = SqlText.of("DROP " + kind).name(name).words("ON");
    onTable(sql, fields);
    return inDatabase(AdminCall.of(sql, reply("deleted", name)), fields);
  }

  private static AdminCall member(
      boolean add, String kind, String what, String memberKind, String member, Fields fields) {
    SqlText sql = SqlText.of((add ? "GRANT " : "REVOKE ") + kind).name(what);
    ObjectCalls.inTenant(sql, fields.optionalString("tenant"));
    sql.words((add ? "TO " : "FROM ") + memberKind).name(member);
    ObjectNode reply = Json.MAPPER.createObjectNode();
    reply.put(kind.equals("ROLE") ? "role" : "group", what);
    reply.put(memberKind.equals("ROLE") ? "holder" : memberKind.toLowerCase(Locale.ROOT), member);
    return AdminCall.of(sql, reply);
  }

  private static void onTable(SqlText sql, Fields fields) {
    sql.table(fields.string("schema"), fields.string("table"));
  }

  private static void forRole(SqlText sql, Fields fields) {
    fields.optionalString("role").ifPresent(role -> sql.words("FOR ROLE").name(role));
  }

  private static AdminCall inDatabase(AdminCall call, Fields fields) {
    return call.in(fields.optionalString("tenant"), fields.optionalString("database"));
  }

  private static String privilege(String word) {
    if (!PRIVILEGE.matcher(word).matches()) {
      throw Fields.bad("'" + Fields.shortened(word) + "' is no privilege");
    }
    return word;
  }
}
