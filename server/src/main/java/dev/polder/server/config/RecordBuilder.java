package dev.polder.server.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the records from the keys' texts, collecting what is wrong. Used once. */
final class RecordBuilder {
  private final Map<String, ConfigurationValue> values;
  private final List<String> faults;

  RecordBuilder(Map<String, ConfigurationValue> values, List<String> faults) {
    this.values = values;
    this.faults = faults;
  }

  /** Null when a text could not be read; the faults then say which. */
  @Nullable Configuration build() {
    int before = faults.size();
    Object[] arguments = arguments("", Configuration.class);
    return faults.size() > before ? null : construct(Configuration.class, arguments);
  }

  private Object[] arguments(String prefix, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = prefix + ConfigurationSchema.nameOf(components[i]);
      KeyDefinition key = ConfigurationSchema.byName().get(name);
      if (key != null) {
        setArgument(arguments, i, value(key));
      } else {
        int before = faults.size();
        Object[] nested = arguments(name + ".", components[i].getType());
        if (faults.size() == before) {
          arguments[i] = construct(components[i].getType(), nested);
        }
      }
    }
    return arguments;
  }

  @SuppressWarnings("NullAway") // a component that allows it is null when its key has no text
  private static void setArgument(Object[] arguments, int index, @Nullable Object value) {
    arguments[index] = value;
  }

  private @Nullable Object value(KeyDefinition key) {
    ConfigurationValue value = values.get(key.name());
    String text = value == null ? "" : value.text();
    String origin = value == null ? "default" : value.origin();
    try {
      return ValueParser.parse(key, text);
    } catch (IllegalArgumentException e) {
      String shown = key.isSecret() ? "the value" : "'" + text + "'";
      faults.add(origin + ": " + key.name() + ": " + shown + " " + e.getMessage());
      return null;
    }
  }

  private static <T> T construct(Class<T> type, Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }
}
