package dev.polder.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The defaults that are computed from the machine and from other keys. */
final class DerivedDefaults {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private DerivedDefaults() {}

  /** By key, in an order in which each needs only keys that are set or come earlier. */
  static Map<String, Derivation> all(Machine machine) {
    Map<String, Derivation> defaults = new LinkedHashMap<>();
    defaults.put("warehouse.location", text -> inDataDir(text, "warehouse"));
    defaults.put("metastore.url", text -> "jdbc:sqlite:" + inDataDir(text, "metastore.db"));
    defaults.put("backup.dir", text -> inDataDir(text, "backups"));
    defaults.put("backup.key-file", text -> inDataDir(text, "backup.key"));
    defaults.put("mirror.key-file", text -> inDataDir(text, "secret.key"));
    defaults.put("engine.memory-limit", text -> memoryLimit(machine).toString());
    defaults.put("engine.threads", text -> Integer.toString(machine.processors()));
    defaults.put(
        "engine.max-concurrent-statements",
        text -> Integer.toString(Math.max(8, 4 * machine.processors())));
    defaults.put(
        "engine.native-threads",
        text -> Integer.toString(number(text, "engine.max-concurrent-statements") + 4));
    defaults.put("engine.result-budget", text -> resultBudget(text).toString());
    return defaults;
  }

  /** Computes a default from the texts of other keys. */
  interface Derivation {
    String compute(UnaryOperator<String> text);
  }

  private static String inDataDir(UnaryOperator<String> text, String name) {
    return Path.of(text.apply("data.dir")).resolve(name).toString();
  }

  private static ByteSize memoryLimit(Machine machine) {
    long bytes = machine.memory().bytes() / 10 * 6 - machine.heap().bytes();
    return new ByteSize(Math.max(256 * MIB, bytes / MIB * MIB));
  }

  private static ByteSize resultBudget(UnaryOperator<String> text) {
    try {
      long quarter = ByteSize.parse(text.apply("engine.memory-limit")).bytes() / 4;
      return new ByteSize(Math.clamp(quarter / MIB * MIB, 16 * MIB, 2 * GIB));
    } catch (IllegalArgumentException e) {
      // The faulty limit is reported where it is read; its dependant needs some valid text.
      return new ByteSize(2 * GIB);
    }
  }

  private static int number(UnaryOperator<String> text, String key) {
    try {
      return Integer.parseInt(text.apply(key).strip());
    } catch (NumberFormatException e) {
      // As above.
      return 8;
    }
  }
}
