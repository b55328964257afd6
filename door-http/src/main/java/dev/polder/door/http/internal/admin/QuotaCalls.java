package dev.polder.door.http.internal.admin;

import static dev.polder.door.http.internal.admin.AdminCall.reply;

import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What databases, and tenants in them, may use and do use. */
final class QuotaCalls {
  /** The body's fields and what statements call them. */
  private static final Map<String, String> LIMITS = limits();

  private QuotaCalls() {}

  private static Map<String, String> limits() {
    Map<String, String> limits = new LinkedHashMap<>();
    limits.put("maxMemoryBytes", "max_memory_bytes");
    limits.put("maxStorageBytes", "max_storage_bytes");
    limits.put("maxQps", "max_qps");
    limits.put("maxConnections", "max_connections");
    limits.put("maxTempDiskBytes", "max_temp_disk_bytes");
    limits.put("maxThreads", "max_threads");
    limits.put("maxStatementSeconds", "max_statement_seconds");
    return limits;
  }

  static AdminCall updateDatabase(Fields fields) {
    String name = fields.string("name");
    return AdminCall.of(
        SqlText.of("ALTER DATABASE").name(name).words("SET QUOTA " + list(ofDatabase(fields))),
        reply("name", name));
  }

  /** What the body says of a database's quota, as options. */
  static List<String> ofDatabase(Fields fields) {
    List<String> options = new ArrayList<>(limits(fields));
    number(fields, "cacheWeight", "cache_weight", options);
    number(fields, "maintenanceCpuPct", "maintenance_cpu_pct", options);
    fields
        .optionalString("priorityClass")
        .ifPresent(text -> options.add(SqlText.option("priority_class", text)));
    return options;
  }

  static AdminCall updateTenant(Fields fields) {
    String tenant = fields.string("name");
    String database = fields.string("databaseName");
    return AdminCall.of(
        SqlText.of("ALTER TENANT")
            .name(tenant)
            .words("IN DATABASE")
            .name(database)
            .words("SET QUOTA " + list(limits(fields))),
        reply("name", tenant));
  }

  static String showDatabase(String what, Exchange exchange) {
    return SqlText.of("SHOW DATABASE " + what.toUpperCase(Locale.ROOT) + " FOR")
        .name(DatabaseCalls.required(exchange, "databaseName"))
        .toString();
  }

  static String showTenant(String what, Exchange exchange) {
    return SqlText.of("SHOW TENANT " + what.toUpperCase(Locale.ROOT) + " FOR")
        .name(DatabaseCalls.required(exchange, "tenantName"))
        .words("IN DATABASE")
        .name(DatabaseCalls.required(exchange, "databaseName"))
        .toString();
  }

  private static List<String> limits(Fields fields) {
    List<String> options = new ArrayList<>();
    LIMITS.forEach((field, option) -> number(fields, field, option, options));
    return options;
  }

  private static void number(Fields fields, String field, String option, List<String> options) {
    fields.optionalNumber(field).ifPresent(value -> options.add(option + " = " + value));
  }

  private static String list(List<String> options) {
    if (options.isEmpty()) {
      throw Fields.bad("give at least one of " + String.join(", ", LIMITS.keySet()));
    }
    return "(" + String.join(", ", options) + ")";
  }
}
