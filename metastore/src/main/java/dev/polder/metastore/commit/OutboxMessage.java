package dev.polder.metastore.commit;

import java.util.OptionalLong;

/** A written event. Ids rise in the order of the transactions. Immutable. */
public record OutboxMessage(long id, OutboxEvent event, long createdAt, OptionalLong publishedAt) {}
