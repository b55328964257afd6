package dev.polder.engine.internal.show;

import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads quotas as statements write them. Stateless. */
final class QuotaOptions {
  private QuotaOptions() {}

  /** What SET QUOTA says of a database. */
  static Quota ofDatabase(Map<String, String> options) {
    return quota(options, false);
  }

  /** What SET QUOTA says of a tenant: limits alone. */
  static Quota ofTenant(Map<String, String> options) {
    return quota(options, true);
  }

  private static Quota quota(Map<String, String> options, boolean limitsAlone) {
    Map<QuotaField, Long> values = new EnumMap<>(QuotaField.class);
    options.forEach((key, value) -> {
      QuotaField field =
          QuotaField.of(key)
              .orElseThrow(() ->
                  bad("a quota has no " + key.toLowerCase(Locale.ROOT) + "; it has " + known()));
      if (limitsAlone && field.kind() == QuotaField.Kind.SHARE) {
        throw bad(field.key() + " is set for whole databases; use ALTER DATABASE … SET QUOTA");
      }
      values.put(field, value(field, value));
    });
    return new Quota(values);
  }

  static long value(QuotaField field, String text) {
    if (field == QuotaField.PRIORITY_CLASS) {
      return Arrays.stream(PriorityClass.values())
          .filter(each -> each.key().equalsIgnoreCase(text.strip()))
          .findFirst()
          .orElseThrow(() ->
              bad(
                  "priority_class = '"
                      + text
                      + "' is none of "
                      + Arrays.stream(PriorityClass.values())
                          .map(PriorityClass::key)
                          .collect(Collectors.joining(", "))))
          .code();
    }
    long value = number(text.strip());
    if (value < field.least() || value > field.most()) {
      throw bad(
          field.key()
              + " = "
              + text
              + " is no whole number from "
              + field.least()
              + " to "
              + field.most()
              + (field.least() == 0 ? "; 0 is without limit" : ""));
    }
    return value;
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  private static String known() {
    return Arrays.stream(QuotaField.values())
        .map(QuotaField::key)
        .collect(Collectors.joining(", "));
  }

  private static PolderException bad(String message) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, message);
  }
}
