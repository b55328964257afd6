package dev.polder.server.config;

import dev.polder.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A configuration together with the origin of each value, for people who ask why. Immutable; its
 * texts mask secrets.
 */
public final class EffectiveConfiguration {
  private final Configuration configuration;
  private final Map<String, ConfigurationValue> values;

  EffectiveConfiguration(Configuration configuration, Map<String, ConfigurationValue> values) {
    this.configuration = configuration;
    this.values = Map.copyOf(values);
  }

  public Configuration configuration() {
    return configuration;
  }

  /** Every key in the order of the reference page. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (KeyDefinition key : ConfigurationSchema.keys()) {
      ConfigurationValue value = values.getOrDefault(key.name(), new ConfigurationValue("", ""));
      boolean masked = key.isSecret() && !value.text().isEmpty();
      String text = masked ? Secret.of(value.text()).toString() : value.text();
      entries.add(new Entry(key.name(), text, value.origin()));
    }
    return entries;
  }

  /**
   * One line of {@code polder config}.
   *
   * @param value {@code ***} for a secret that is set, empty for a key without a value
   */
  public record Entry(String key, String value, String origin) {}
}
