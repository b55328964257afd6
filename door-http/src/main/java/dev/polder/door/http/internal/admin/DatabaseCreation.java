package dev.polder.door.http.internal.admin;

import static dev.polder.door.http.internal.admin.AdminCall.reply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes databases, new ones, clones and mirrors, with their options, and drops them. Stateless. */
final class DatabaseCreation {
  private static final List<String> MODES = List.of("async", "sync");
  private static final List<String> MATERIALIZE = List.of("background", "manual");
  private static final List<String> ON_TIMEOUT = List.of("fail", "degrade");

  private DatabaseCreation() {}

  static AdminCall create(Fields fields) {
    Optional<String> tenant = fields.optionalString("tenant");
    String name = databaseName(tenant, fields.string("name"));
    SqlText sql = SqlText.create("CREATE DATABASE", fields).name(name);
    ObjectNode reply = reply("name", name);
    tenant.ifPresent(owner -> {
      sql.words("FOR TENANT").name(owner);
      reply.put("tenant", owner);
    });
    List<String> options = new ArrayList<>(QuotaCalls.ofDatabase(fields));
    text(fields, "kind", "kind", options);
    text(fields, "defaultDatabase", "default_database", options);
    text(fields, "defaultSchema", "default_schema", options);
    text(fields, "expiresAfter", "expires_after", options);
    return AdminCall.of(sql.with(options), reply);
  }

  static AdminCall delete(Fields fields) {
    String name = databaseName(fields.optionalString("tenant"), fields.string("name"));
    SqlText sql = SqlText.drop("DROP DATABASE", fields).name(name);
    boolean cascade = fields.flag("cascade").orElse(false);
    if (fields.flag("force").orElse(false)) {
      sql.words("FORCE");
    } else if (cascade) {
      sql.words("CASCADE");
    }
    return AdminCall.of(sql, reply("deleted", name));
  }

  static AdminCall clone(Fields fields) {
    String name = fields.string("name");
    SqlText sql =
        SqlText.create("CLONE DATABASE", fields)
            .name(name)
            .words("FROM")
            .name(fields.string("source"));
    Optional<Long> millis = fields.optionalNumber("asOfMillis");
    Optional<Long> version = fields.optionalNumber("asOfVersion");
    if (millis.isPresent() && version.isPresent()) {
      throw Fields.bad("give 'asOfMillis' or 'asOfVersion', not both");
    }
    millis.ifPresent(at -> sql.words("AS OF SYSTEM TIME " + at));
    version.ifPresent(at -> sql.words("FOR VERSION AS OF " + at));
    List<String> options = new ArrayList<>();
    oneOf(fields, "materialize", MATERIALIZE)
        .ifPresent(value -> options.add(SqlText.option("materialize", value)));
    text(fields, "expiresAfter", "expires_after", options);
    sql.with(options);
    boolean dryRun = fields.flag("dryRun").orElse(false);
    if (dryRun) {
      sql.words("DRY RUN");
    }
    AdminCall call = AdminCall.of(sql, reply("name", name));
    return dryRun ? call.answeringRow() : call;
  }

  static AdminCall mirror(Fields fields) {
    String name = fields.string("name");
    SqlText sql = SqlText.create("MIRROR DATABASE", fields).name(name).words("FROM");
    Optional<String> cluster = fields.optionalString("cluster");
    String source = fields.string("source");
    if (cluster.isPresent()) {
      sql.table(cluster.get(), source);
    } else {
      sql.name(source);
    }
    oneOf(fields, "mode", MODES).ifPresent(mode -> sql.words("MODE = " + mode));
    List<String> options = new ArrayList<>();
    text(fields, "syncTimeout", "sync_timeout", options);
    oneOf(fields, "onTimeout", ON_TIMEOUT)
        .ifPresent(value -> options.add(SqlText.option("on_timeout", value)));
    return AdminCall.of(sql.with(options), reply("name", name));
  }

  private static void text(Fields fields, String field, String option, List<String> options) {
    fields.optionalString(field).ifPresent(value -> options.add(SqlText.option(option, value)));
  }

  private static Optional<String> oneOf(Fields fields, String field, List<String> words) {
    Optional<String> value = fields.optionalString(field);
    value
        .filter(word -> !words.contains(word))
        .ifPresent(word -> {
          throw Fields.bad("'" + field + "' must be one of " + String.join(", ", words));
        });
    return value;
  }

  /** A tenant's database carries its tenant's name. */
  private static String databaseName(Optional<String> tenant, String name) {
    return tenant.map(owner -> owner + "_" + name).orElse(name);
  }
}
