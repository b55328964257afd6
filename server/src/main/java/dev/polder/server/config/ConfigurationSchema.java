package dev.polder.server.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * All keys, in the order of the records' components. Immutable and thread-safe; there is one, made
 * when the class is loaded.
 */
public final class ConfigurationSchema {
  private static final Map<String, KeyDefinition> KEYS = read();

  private ConfigurationSchema() {}

  public static List<KeyDefinition> keys() {
    return List.copyOf(KEYS.values());
  }

  static Map<String, KeyDefinition> byName() {
    return KEYS;
  }

  /** Whether some key lies below this one: {@code http} or {@code http.tls}. */
  static boolean isSection(String name) {
    return KEYS.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
  }

  /** All that a file can name: keys, and the sections that hold them. */
  static Set<String> namesAndSections() {
    Set<String> names = new LinkedHashSet<>(KEYS.keySet());
    for (String key : KEYS.keySet()) {
      for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
        names.add(key.substring(0, dot));
      }
    }
    return names;
  }

  /** The name that a component has in the file: {@code maxTemp} is {@code max-temp}. */
  static String nameOf(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Map<String, KeyDefinition> read() {
    List<KeyDefinition> found = new ArrayList<>();
    collect("", Configuration.class, found);
    Map<String, KeyDefinition> keys = new LinkedHashMap<>();
    found.forEach(key -> keys.put(key.name(), key));
    return java.util.Collections.unmodifiableMap(keys);
  }

  private static void collect(String prefix, Class<?> type, List<KeyDefinition> into) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + nameOf(component);
      Key key = component.getAnnotation(Key.class);
      if (key == null) {
        collect(name + ".", component.getType(), into);
      } else {
        into.add(new KeyDefinition(name, component.getType(), key));
      }
    }
  }
}
