package dev.polder.engine.internal.session;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings that a session may change. Those that only tell clients something are kept as text;
 * settings of the engine do not exist here. Guarded by its owner.
 */
public final class Settings {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("timezone", "UTC");
    DEFAULTS.put("statement_timeout", "0");
    DEFAULTS.put("application_name", "");
    DEFAULTS.put("client_encoding", "UTF8");
    DEFAULTS.put("default_transaction_isolation", "snapshot");
    DEFAULTS.put("datestyle", "ISO, MDY");
    DEFAULTS.put("standard_conforming_strings", "on");
    DEFAULTS.put("extra_float_digits", "1");
  }

  private final Map<String, String> values = new LinkedHashMap<>(DEFAULTS);

  /** The value of a setting by its lower-cased name. */
  public String get(String name) {
    String value = values.get(name);
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  /**
   * Changes a setting.
   *
   * @throws PolderException ACCESS_DENIED for a setting that sessions cannot change,
   *     INVALID_PARAMETER
   */
  public void set(String name, String value) {
    if (!DEFAULTS.containsKey(name)) {
      throw unknown(name);
    }
    values.put(name, checked(name, value));
  }

  public void reset(String name) {
    String value = DEFAULTS.get(name);
    if (value == null) {
      throw unknown(name);
    }
    values.put(name, value);
  }

  public void resetAll() {
    values.putAll(DEFAULTS);
  }

  private static String checked(String name, String value) {
    return switch (name) {
      case "timezone" -> zone(value);
      case "statement_timeout" -> Long.toString(millis(value));
      case "default_transaction_isolation" -> isolation(value);
      default -> value;
    };
  }

  private static String zone(String value) {
    try {
      return ZoneId.of(value, ZoneId.SHORT_IDS).getId();
    } catch (DateTimeException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "'" + value + "' is no time zone; use a name such as 'Europe/Amsterdam' or 'UTC'",
          e);
    }
  }

  private static long millis(String value) {
    String text = value.strip().toLowerCase(Locale.ROOT);
    long unit = 1;
    if (text.endsWith("ms")) {
      text = text.substring(0, text.length() - 2);
    } else if (text.endsWith("s")) {
      text = text.substring(0, text.length() - 1);
      unit = 1_000;
    } else if (text.endsWith("min")) {
      text = text.substring(0, text.length() - 3);
      unit = 60_000;
    }
    try {
      return Math.multiplyExact(Long.parseUnsignedLong(text.strip()), unit);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "'" + value + "' is no time; use milliseconds, or '30s', '5min'",
          e);
    }
  }

  private static String isolation(String value) {
    String text = value.toLowerCase(Locale.ROOT);
    if (!text.equals("snapshot") && !text.equals("serializable")) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "'" + value + "' is no isolation level; use 'snapshot' or 'serializable'");
    }
    return text;
  }

  public String timeZone() {
    return get("timezone");
  }

  public boolean serializable() {
    return get("default_transaction_isolation").equals("serializable");
  }

  /** The session's own limit of a statement's time. */
  public Optional<Duration> statementTimeout() {
    long millis = Long.parseLong(get("statement_timeout"));
    return millis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  private static PolderException unknown(String name) {
    return new PolderException(
        ErrorCode.ACCESS_DENIED,
        "setting "
            + name
            + " cannot be used by sessions; there are: "
            + String.join(", ", DEFAULTS.keySet())
            + ", schema");
  }
}
