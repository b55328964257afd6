package dev.polder.server.config;

import dev.polder.federation.secret.SecretStoreMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** What must hold between keys. */
final class ConfigurationRules {
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+://.*");
  private static final Pattern STORE =
      Pattern.compile(
          "s3://.*|gs://[a-z0-9][a-z0-9._-]+(/.*)?|abfss://[a-z0-9-]+@[a-z0-9]+\\.dfs\\.[a-z0-9.]+(/.*)?");
  private static final Pattern WEB =
      Pattern.compile("https?://[A-Za-z0-9.\\[\\]:_-]+(/[^\\s?#]*)?");
  private static final int MIN_API_KEY = 16;
  private static final int MIN_PASSWORD = 8;

  private ConfigurationRules() {}

  static List<String> violations(
      Configuration configuration, Map<String, ConfigurationValue> values) {
    List<String> faults = new ArrayList<>();
    String location = configuration.warehouse().location();
    if (SCHEME.matcher(location).matches() && !STORE.matcher(location).matches()) {
      faults.add(
          at(values, "warehouse.location")
              + "'"
              + location
              + "' is neither a directory nor s3://bucket/…, gs://bucket/… or"
              + " abfss://container@account.dfs.core.windows.net/…");
    }
    backup(configuration, values, faults);
    federation(configuration.federation(), values, faults);
    S3Settings s3 = configuration.warehouse().s3();
    if ((s3.accessKey() == null) != (s3.secretKey() == null)) {
      faults.add(
          at(values, "warehouse.s3.access-key")
              + "needs warehouse.s3.secret-key beside it: set both or neither");
    }
    if (s3.sts().roleArn() == null
        && (s3.sts().endpoint() != null || s3.sts().externalId() != null || s3.sts().write())) {
      faults.add(
          at(values, "warehouse.s3.sts.role-arn") + "is missing: the role that is to be assumed");
    }
    String url = configuration.metastore().url();
    if (!configuration.metastore().isSqlite() && !url.startsWith("jdbc:postgresql:")) {
      faults.add(
          at(values, "metastore.url")
              + "the address must begin with jdbc:sqlite: or jdbc:postgresql:");
    }
    tls(configuration.http().tls(), "http.tls", values, faults);
    tls(configuration.flight().tls(), "flight.tls", values, faults);
    int port = configuration.http().port();
    if (port != 0
        && port == configuration.flight().port()
        && configuration.http().host().equals(configuration.flight().host())) {
      faults.add(at(values, "flight.port") + port + " is already http.port: choose another");
    }
    if (configuration.apiKey() != null && configuration.apiKey().reveal().length() < MIN_API_KEY) {
      faults.add(at(values, "api-key") + "must have at least " + MIN_API_KEY + " characters");
    }
    if (configuration.admin().password() != null
        && configuration.admin().password().reveal().length() < MIN_PASSWORD) {
      faults.add(
          at(values, "admin.password") + "must have at least " + MIN_PASSWORD + " characters");
    }
    return faults;
  }

  private static void federation(
      FederationSettings federation, Map<String, ConfigurationValue> values, List<String> faults) {
    try {
      SecretStoreMode.of(federation.secretStore());
    } catch (IllegalArgumentException e) {
      faults.add(
          at(values, "federation.secret-store")
              + "'"
              + federation.secretStore()
              + "' "
              + e.getMessage());
    }
    for (String key :
        List.of(
            "federation.aws-sm.endpoint",
            "federation.gcp-sm.endpoint",
            "federation.azure-kv.vault-url",
            "federation.azure-kv.authority",
            "federation.vault.address")) {
      String text = Objects.requireNonNull(values.get(key)).text();
      if (!text.isEmpty() && !WEB.matcher(text).matches()) {
        faults.add(at(values, key) + "'" + text + "' must begin with https:// or http://");
      }
    }
    if ((federation.awsSm().accessKey() == null) != (federation.awsSm().secretKey() == null)) {
      faults.add(
          at(values, "federation.aws-sm.access-key")
              + "needs federation.aws-sm.secret-key beside it: set both or neither");
    }
  }

  /** The collector would take a backup in the warehouse for files that nobody needs. */
  private static void backup(
      Configuration configuration, Map<String, ConfigurationValue> values, List<String> faults) {
    BackupSettings backup = configuration.backup();
    String warehouse = configuration.warehouse().location();
    String prefix = backup.s3();
    if (prefix != null && !prefix.matches("s3://[^/]+/.+")) {
      faults.add(at(values, "backup.s3") + "'" + prefix + "' is not s3://bucket/prefix");
    } else if (prefix != null && (prefix + "/").startsWith(warehouse + "/")) {
      faults.add(at(values, "backup.s3") + "must not lie in warehouse.location");
    }
    Path directory = backup.dir().toAbsolutePath().normalize();
    Path files = Path.of(warehouse).toAbsolutePath().normalize();
    if (!configuration.warehouse().isRemote()
        && (directory.startsWith(files) || files.startsWith(directory))) {
      faults.add(at(values, "backup.dir") + "and warehouse.location must not lie in one another");
    }
  }

  private static void tls(
      TlsSettings tls,
      String section,
      Map<String, ConfigurationValue> values,
      List<String> faults) {
    if ((tls.certificate() == null) != (tls.key() == null)) {
      faults.add(
          at(values, section + ".certificate")
              + "needs "
              + section
              + ".key beside it: set both or neither");
    }
  }

  private static String at(Map<String, ConfigurationValue> values, String key) {
    return Objects.requireNonNull(values.get(key)).origin() + ": " + key + ": ";
  }
}
