package dev.polder.engine.internal.show;

import dev.polder.maintenance.Materialization;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SchemaName;
import dev.polder.model.SourceAlias;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What CREATE DATABASE and CLONE DATABASE say after WITH. Immutable.
 *
 * @param kind whose tables it holds
 * @param defaultDatabase where unqualified names go: a source's alias
 * @param defaultSchema the schema in that
 * @param expiresAfter microseconds after which it is dropped
 * @param materialize whether it shall get files of its own in the background
 * @param quota what it says of the database's quota
 */
record DatabaseOptions(
    DatabaseKind kind,
    Optional<String> defaultDatabase,
    Optional<String> defaultSchema,
    OptionalLong expiresAfter,
    boolean materialize,
    Quota quota) {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86400L);

  /** For a database that begins empty. */
  static DatabaseOptions ofNew(Map<String, String> options) {
    DatabaseKind kind = DatabaseKind.LAKE;
    Optional<String> defaultDatabase = Optional.empty();
    Optional<String> defaultSchema = Optional.empty();
    OptionalLong expires = OptionalLong.empty();
    Map<QuotaField, Long> quota = new EnumMap<>(QuotaField.class);
    for (Map.Entry<String, String> option : options.entrySet()) {
      switch (option.getKey().toLowerCase(Locale.ROOT)) {
        case "expires_after" -> expires = micros(option.getValue());
        case "kind" -> kind = kind(option);
        case "default_database" ->
            defaultDatabase = Optional.of(new SourceAlias(option.getValue()).value());
        case "default_schema" ->
            defaultSchema = Optional.of(new SchemaName(option.getValue()).value());
        default -> {
          QuotaField field =
              QuotaField.of(option.getKey())
                  .orElseThrow(() ->
                      unknown(
                          option,
                          "the options are kind, default_database, default_schema, expires_after"
                              + " and the fields of a quota, such as max_storage_bytes"));
          quota.put(field, QuotaOptions.value(field, option.getValue()));
        }
      }
    }
    return new DatabaseOptions(
        kind, defaultDatabase, defaultSchema, expires, false, new Quota(quota));
  }

  private static DatabaseKind kind(Map.Entry<String, String> option) {
    return switch (option.getValue().toLowerCase(Locale.ROOT)) {
      case "lake", "ducklake" -> DatabaseKind.LAKE;
      case "memory" -> DatabaseKind.MEMORY;
      default -> throw unknown(option, "the kinds are 'lake' and 'memory'");
    };
  }

  static DatabaseOptions ofClone(Map<String, String> options) {
    OptionalLong expires = OptionalLong.empty();
    boolean materialize = true;
    for (Map.Entry<String, String> option : options.entrySet()) {
      switch (option.getKey().toLowerCase(Locale.ROOT)) {
        case "expires_after" -> expires = micros(option.getValue());
        case "materialize" ->
            materialize =
                switch (option.getValue().toLowerCase(Locale.ROOT)) {
                  case "background" -> true;
                  case "manual" -> false;
                  default -> throw unknown(option, "it is 'background' or 'manual'");
                };
        default -> throw unknown(option, "the options are materialize and expires_after");
      }
    }
    return new DatabaseOptions(
        DatabaseKind.LAKE, Optional.empty(), Optional.empty(), expires, materialize, Quota.NONE);
  }

  private static OptionalLong micros(String text) {
    Matcher time = TIME.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!time.matches()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "expires_after = '" + text + "' is no time; write '30m', '2h' or '7d'");
    }
    return OptionalLong.of(
        Long.parseLong(time.group(1)) * SECONDS.getOrDefault(time.group(2), 1L) * 1_000_000L);
  }

  private static PolderException unknown(Map.Entry<String, String> option, String advice) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "databases cannot be made with "
            + option.getKey().toLowerCase(Locale.ROOT)
            + " = '"
            + option.getValue()
            + "'; "
            + advice);
  }

  /** In the transaction that makes the database; it is somebody's doing. */
  void apply(MetastoreTransaction tx, DatabaseId database, PrincipalName by) {
    if (defaultDatabase.isPresent() || defaultSchema.isPresent()) {
      tx.databases().setDefaults(database, defaultDatabase, defaultSchema);
    }
    expiresAfter.ifPresent(micros -> tx.databases().setExpiry(database, tx.now() + micros));
    if (!quota.values().isEmpty()) {
      tx.quotas().set(database, quota);
    }
    if (materialize) {
      Materialization.enqueue(tx, database, by);
    }
  }
}
