package dev.polder.server.config;

import java.util.List;

/**
 * The configuration cannot be used. Its message names every fault, each with where it stands and
 * what would be right; it never carries a secret's text.
 */
public final class ConfigurationException extends RuntimeException {
  private final List<String> faults;

  public ConfigurationException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = List.copyOf(faults);
  }

  /** One line a fault. */
  public List<String> faults() {
    return faults;
  }
}
