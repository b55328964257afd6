package dev.polder.metastore.quota;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was set of a quota; what was not has its default. Immutable.
 *
 * @param values a value for each field that was set
 */
public record Quota(Map<QuotaField, Long> values) {
  public static final Quota NONE = new Quota(Map.of());

  public Quota {
    Map<QuotaField, Long> copy = new EnumMap<>(QuotaField.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }

  public static Quota of(QuotaField field, long value) {
    return new Quota(Map.of(field, value));
  }

  public long get(QuotaField field) {
    return values.getOrDefault(field, field.byDefault());
  }

  /** Whether it has a limit of this kind. */
  public boolean limits(QuotaField field) {
    return field.kind() != QuotaField.Kind.SHARE && get(field) > 0;
  }

  /** Whether it has any limit. */
  public boolean limitsAnything() {
    return values.keySet().stream().anyMatch(this::limits);
  }

  public PriorityClass priorityClass() {
    return PriorityClass.of(get(QuotaField.PRIORITY_CLASS));
  }

  /** This quota with the fields that others sets in place of its own. */
  public Quota with(Quota others) {
    Map<QuotaField, Long> all = new EnumMap<>(QuotaField.class);
    all.putAll(values);
    all.putAll(others.values);
    return new Quota(all);
  }

  /** A field as text: a class by its name. */
  public String text(QuotaField field) {
    return field == QuotaField.PRIORITY_CLASS ? priorityClass().key() : Long.toString(get(field));
  }
}
