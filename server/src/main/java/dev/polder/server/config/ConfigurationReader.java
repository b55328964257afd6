package dev.polder.server.config;

import dev.polder.model.NearestName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: defaults, then the file, then the environment; the later wins. Reports
 * all faults at once. Stateless.
 */
public final class ConfigurationReader {
  /** Variables that the scripts and the client commands read, which are no configuration keys. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "POLDER_CONFIG",
          "POLDER_JAVA_HOME",
          "POLDER_JAVA_OPTS",
          "POLDER_JVM_DIR",
          "POLDER_HEAP",
          "POLDER_URL",
          "POLDER_USER",
          "POLDER_PASSWORD",
          "POLDER_TOKEN",
          "POLDER_DATABASE",
          "POLDER_TENANT");

  /** What other servers of this kind call a key, unless our own name for it is set. */
  private static final Map<String, String> SYNONYMS =
      Map.of("QOD_FEDERATION_SECRET_STORE", "POLDER_FEDERATION_SECRET_STORE");

  /** Secrets of sources, which are no keys. */
  private static final String SECRET = "POLDER_SECRET_";

  private ConfigurationReader() {}

  /**
   * Reads and checks everything.
   *
   * @param file the YAML file, if there is one
   * @throws ConfigurationException naming every fault, with file and line or variable
   */
  public static EffectiveConfiguration read(
      @Nullable Path file, Map<String, String> environment, Machine machine) {
    List<String> faults = new ArrayList<>();
    Map<String, ConfigurationValue> set = new LinkedHashMap<>();
    if (file != null) {
      set.putAll(YamlValues.read(file, faults));
      refuseUnknown(set, faults);
    }
    applyEnvironment(environment, set, faults);
    Map<String, ConfigurationValue> complete = complete(set, machine);
    Configuration configuration = new RecordBuilder(complete, faults).build();
    if (configuration != null && faults.isEmpty()) {
      faults.addAll(ConfigurationRules.violations(configuration, complete));
    }
    if (configuration == null || !faults.isEmpty()) {
      throw new ConfigurationException(faults);
    }
    return new EffectiveConfiguration(configuration, complete);
  }

  private static void refuseUnknown(Map<String, ConfigurationValue> set, List<String> faults) {
    Set<String> known = ConfigurationSchema.byName().keySet();
    for (Map.Entry<String, ConfigurationValue> entry : set.entrySet()) {
      if (!known.contains(entry.getKey())) {
        faults.add(
            entry.getValue().origin()
                + ": unknown key '"
                + entry.getKey()
                + "'; did you mean '"
                + NearestName.to(entry.getKey(), ConfigurationSchema.namesAndSections())
                + "'?");
      }
    }
    set.keySet().retainAll(known);
  }

  private static void applyEnvironment(
      Map<String, String> environment, Map<String, ConfigurationValue> set, List<String> faults) {
    Map<String, String> keys = new LinkedHashMap<>();
    ConfigurationSchema.keys().forEach(key -> keys.put(key.environmentName(), key.name()));
    SYNONYMS.forEach((name, own) -> {
      String key = keys.get(own);
      String value = environment.get(name);
      if (key != null && value != null) {
        set.put(key, new ConfigurationValue(value, "environment " + name));
      }
    });
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("POLDER_"))
        .filter(variable -> !variable.getKey().startsWith(SECRET))
        .sorted(Map.Entry.comparingByKey())
        .forEach(variable -> {
          String name = variable.getKey();
          String key = keys.get(name);
          if (key != null) {
            set.put(key, new ConfigurationValue(variable.getValue(), "environment " + name));
          } else if (!OTHER_VARIABLES.contains(name)) {
            faults.add(
                "environment: unknown variable "
                    + name
                    + "; did you mean "
                    + NearestName.to(name, keys.keySet())
                    + "?");
          }
        });
  }

  private static Map<String, ConfigurationValue> complete(
      Map<String, ConfigurationValue> set, Machine machine) {
    Map<String, ConfigurationValue> complete = new LinkedHashMap<>();
    for (KeyDefinition key : ConfigurationSchema.keys()) {
      ConfigurationValue value = set.get(key.name());
      boolean unset = value == null || value.text().isEmpty();
      complete.put(
          key.name(), unset ? new ConfigurationValue(key.key().byDefault(), "default") : value);
    }
    DerivedDefaults.all(machine)
        .forEach((key, derivation) -> {
          if (textOf(complete, key).isEmpty()) {
            String text = derivation.compute(other -> textOf(complete, other));
            complete.put(key, new ConfigurationValue(text, "derived"));
          }
        });
    return complete;
  }

  private static String textOf(Map<String, ConfigurationValue> values, String key) {
    ConfigurationValue value = values.get(key);
    return value == null ? "" : value.text();
  }
}
