package dev.polder.door.flight.internal;

import dev.polder.model.PrincipalId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A statement that was announced to its client and runs, once, when the client fetches it.
 *
 * @param statement the name under which it can be cancelled
 */
record PendingResult(
    String handle,
    ClientSession session,
    PrincipalId owner,
    String sql,
    List<@Nullable Object> parameters,
    Optional<String> transaction,
    UUID statement,
    long madeNanos) {}
