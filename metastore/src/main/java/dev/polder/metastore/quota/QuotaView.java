package dev.polder.metastore.quota;

import dev.polder.model.SpaceKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that limits one space, as of one grants epoch. Immutable.
 *
 * @param database what its database has, defaults included
 */
public record QuotaView(
    long epoch, SpaceKey space, Quota database, Map<QuotaField, List<QuotaBound>> bounds) {
  public QuotaView {
    Map<QuotaField, List<QuotaBound>> copy = new EnumMap<>(QuotaField.class);
    bounds.forEach((field, list) -> copy.put(field, List.copyOf(list)));
    bounds = java.util.Collections.unmodifiableMap(copy);
  }

  /** The limits of one kind, the tenant's first; none: it is not limited. */
  public List<QuotaBound> bounds(QuotaField field) {
    return bounds.getOrDefault(field, List.of());
  }

  /** The lowest limit of one kind. */
  public OptionalLong least(QuotaField field) {
    return bounds(field).stream().mapToLong(QuotaBound::limit).min();
  }

  public PriorityClass priorityClass() {
    return database.priorityClass();
  }
}
