package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.pushdown.RemoteReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One item of a FROM clause and the conditions that its rows must meet. Not thread-safe. */
final class ScanItem {
  final JsonNode node;
  final String qualifier;
  final int reference;
  final Optional<RemoteReference> remote;

  /** Whether its rows can be left out beforehand, for its place is not sampled or renamed. */
  final boolean plain;

  /** Conditions of any number of items; what they say of this one surely holds. */
  final List<JsonNode> conditions = new ArrayList<>();

  ScanItem(
      JsonNode node,
      String qualifier,
      int reference,
      Optional<RemoteReference> remote,
      boolean plain) {
    this.node = node;
    this.qualifier = qualifier;
    this.reference = reference;
    this.remote = remote;
    this.plain = plain;
  }
}
