package dev.polder.metastore.commit;

import dev.polder.model.DatabaseId;
import java.util.Optional;

/** Something to tell the outside once the transaction that wrote it is durable. Immutable. */
public record OutboxEvent(String topic, Optional<DatabaseId> database, String payload) {}
