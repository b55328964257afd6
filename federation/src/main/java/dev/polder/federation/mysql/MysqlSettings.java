package dev.polder.federation.mysql;

import dev.polder.federation.SourceSettings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a server is reached and its values are read. Immutable; prints no secret.
 *
 * @param connection what the driver is told, with the password
 */
record MysqlSettings(
    String alias,
    boolean readOnly,
    String host,
    int port,
    String database,
    int maxConnections,
    int connectTimeoutSeconds,
    Reading reading,
    Properties connection) {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]+");
  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");

  /**
   * How values are read that DuckDB has no type for.
   *
   * @param wideDecimal DuckDB's type for decimals of more than 38 digits
   * @param zeroDates whether dates such as 0000-00-00 are NULL, else they are errors
   * @param timesAsText whether TIME is read as text, which may go beyond a day
   */
  record Reading(String wideDecimal, boolean zeroDates, boolean timesAsText) {}

  static MysqlSettings of(SourceSettings settings) {
    String alias = settings.alias();
    String host = settings.required("host");
    if (!HOST.matcher(host).matches()) {
      throw wrong(alias, "host", "a host's name or address");
    }
    int connectSeconds = settings.number("connectTimeoutSeconds", 10);
    return new MysqlSettings(
        alias,
        settings.readOnly(),
        host,
        settings.number("port", 3306),
        settings.required("database"),
        Math.max(1, settings.number("maxConnections", 8)),
        connectSeconds,
        new Reading(
            wideDecimal(alias, settings.text("numeric").orElse("double")),
            choice(settings, "zeroDates", "null", "error").equals("null"),
            choice(settings, "times", "time", "text").equals("text")),
        connection(settings, connectSeconds));
  }

  /** Nothing of this is part of a URL, where a value could become another option. */
  private static Properties connection(SourceSettings settings, int connectSeconds) {
    Properties options = new Properties();
    options.setProperty("user", settings.required("user"));
    settings.text("password").ifPresent(secret -> options.setProperty("password", secret));
    options.setProperty("connectTimeout", Integer.toString(connectSeconds * 1_000));
    options.setProperty(
        "socketTimeout", Integer.toString(settings.number("socketTimeoutSeconds", 0) * 1_000));
    options.setProperty("allowLocalInfile", "false");
    options.setProperty("allowMultiQueries", "false");
    options.setProperty("rewriteBatchedStatements", "true");
    options.setProperty("tinyInt1isBit", "false");
    options.setProperty("yearIsDateType", "false");
    options.setProperty("autocommit", "false");
    options.setProperty("connectionTimeZone", "UTC");
    options.setProperty("forceConnectionTimeZoneToSession", "true");
    // Text that is quoted as standard SQL quotes it, and writes that fail where they do not fit.
    options.setProperty(
        "sessionVariables",
        "sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO',"
            + "sql_auto_is_null=0");
    options.setProperty(
        "sslMode", choice(settings, "sslMode", "disable", "trust", "verify-ca", "verify-full"));
    settings
        .text("sslRootCertificate")
        .ifPresent(path -> options.setProperty("serverSslCert", path));
    settings
        .text("allowPublicKeyRetrieval")
        .ifPresent(value -> options.setProperty("allowPublicKeyRetrieval", value));
    return options;
  }

  String url() {
    return "jdbc:mariadb://address=(host=" + host + ")(port=" + port + ")/";
  }

  private static String wideDecimal(String alias, String numeric) {
    Matcher decimal = DECIMAL.matcher(numeric.toLowerCase(Locale.ROOT));
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      if (precision >= 1 && precision <= 38 && scale <= precision) {
        return "DECIMAL(" + precision + "," + scale + ")";
      }
    }
    return switch (numeric) {
      case "double" -> "DOUBLE";
      case "text" -> "VARCHAR";
      default -> throw wrong(alias, "numeric", "double, text or decimal(p,s) of 38 digits or less");
    };
  }

  private static String choice(SourceSettings settings, String name, String... choices) {
    String value = settings.text(name).orElse(choices[0]);
    if (!Arrays.asList(choices).contains(value)) {
      throw wrong(
          settings.alias(), name, Arrays.stream(choices).collect(Collectors.joining(" or ")));
    }
    return value;
  }

  private static PolderException wrong(String alias, String property, String wanted) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "property " + property + " of source '" + alias + "' must be " + wanted);
  }

  @Override
  public String toString() {
    return "MysqlSettings[" + alias + ", " + host + ":" + port + "]";
  }
}
