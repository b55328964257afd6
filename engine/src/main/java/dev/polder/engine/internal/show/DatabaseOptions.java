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
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What CREATE DATABASE and CLONE DATABASE say after WITH. Immutable.
 *
 * @param expiresAfter microseconds after which it is dropped
 * @param materialize whether it shall get files of its own in the background
 * @param quota what it says of the database's quota
 */
record DatabaseOptions(OptionalLong expiresAfter, boolean materialize, Quota quota) {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86400L);

  /** For a database that begins empty. */
  static DatabaseOptions ofNew(Map<String, String> options) {
    OptionalLong expires = OptionalLong.empty();
    Map<QuotaField, Long> quota = new EnumMap<>(QuotaField.class);
    for (Map.Entry<String, String> option : options.entrySet()) {
      switch (option.getKey().toLowerCase(Locale.ROOT)) {
        case "expires_after" -> expires = micros(option.getValue());
        case "kind" -> {
          if (!option.getValue().equalsIgnoreCase(DatabaseKind.LAKE.name())) {
            throw unknown(option, "the only kind is 'lake'");
          }
        }
        default -> {
          QuotaField field =
              QuotaField.of(option.getKey())
                  .orElseThrow(() ->
                      unknown(
                          option,
                          "the options are kind, expires_after and the fields of a quota, such as"
                              + " max_storage_bytes"));
          quota.put(field, QuotaOptions.value(field, option.getValue()));
        }
      }
    }
    return new DatabaseOptions(expires, false, new Quota(quota));
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
    return new DatabaseOptions(expires, materialize, Quota.NONE);
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
    expiresAfter.ifPresent(micros -> tx.databases().setExpiry(database, tx.now() + micros));
    if (!quota.values().isEmpty()) {
      tx.quotas().set(database, quota);
    }
    if (materialize) {
      Materialization.enqueue(tx, database, by);
    }
  }
}
