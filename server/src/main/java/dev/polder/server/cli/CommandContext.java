package dev.polder.server.cli;

import dev.polder.server.ServerStarter;
import dev.polder.server.config.ConfigurationReader;
import dev.polder.server.config.EffectiveConfiguration;
import dev.polder.server.config.Machine;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every command works with. Immutable. */
record CommandContext(ServerStarter starter, Screen screen, Map<String, String> environment) {

  /** A variable's value, null when it is unset or empty. */
  @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** Reads the file that was named, or the one that POLDER_CONFIG names, or none. */
  EffectiveConfiguration configuration(@Nullable Path file) {
    return configuration(file, Map.of());
  }

  EffectiveConfiguration configuration(@Nullable Path file, Map<String, String> overrides) {
    String variable = variable("POLDER_CONFIG");
    Path named = file != null ? file : variable == null ? null : Path.of(variable);
    Map<String, String> merged = new HashMap<>(environment);
    merged.putAll(overrides);
    return ConfigurationReader.read(named, merged, Machine.current());
  }
}
