package dev.polder.metastore.audit;

import dev.polder.metastore.internal.Json;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.Map;
import java.util.Optional;

/**
 * Something to be kept in the audit trail. Texts lose what the databases cannot keep: NUL
 * characters and halves of surrogate pairs become U+FFFD. Immutable.
 *
 * @param database whose chain it goes to; empty: the server's
 * @param detail a JSON object
 */
public record AuditEvent(
    Optional<DatabaseId> database,
    Optional<PrincipalName> principal,
    Optional<TenantId> tenant,
    EventType type,
    Optional<String> object,
    AuditOutcome outcome,
    String detail) {
  public AuditEvent {
    object = object.map(AuditEvent::storable);
    detail = storable(detail);
  }

  /** The detail's text; keys are in order. */
  public static String detail(Map<String, String> values) {
    return Json.write(values);
  }

  private static String storable(String text) {
    int[] points =
        text.codePoints()
            .map(point ->
                point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                    ? 0xFFFD
                    : point)
            .toArray();
    return new String(points, 0, points.length);
  }
}
