package dev.polder.door.flight;

import java.time.Duration;

/**
 * Bounds that hold for hostile clients too. Immutable.
 *
 * @param sessionIdle after which a session without a running call is closed
 * @param sessionsPerPrincipal open sessions of one principal
 * @param statementsPerSession statements of one session that run at the same time
 * @param preparedPerSession prepared statements kept open
 * @param ticketsPerSession results announced and not yet fetched
 * @param ticketLifetime after which an unfetched result is forgotten
 * @param readerPatience how long a stream waits for a reader that takes nothing
 * @param transactionPatience how long a statement waits for the one before it in its transaction
 * @param inboundMessageBytes largest message a client may send
 * @param parameterBytes largest set of bound parameters
 * @param outboundBatchBytes larger batches are split; clients of other languages take 16 MB
 */
public record FlightLimits(
    Duration sessionIdle,
    int sessionsPerPrincipal,
    int statementsPerSession,
    int preparedPerSession,
    int ticketsPerSession,
    Duration ticketLifetime,
    Duration readerPatience,
    Duration transactionPatience,
    int inboundMessageBytes,
    long parameterBytes,
    long outboundBatchBytes) {
  public static FlightLimits defaults() {
    return new FlightLimits(
        Duration.ofMinutes(30),
        64,
        8,
        1_000,
        256,
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        Duration.ofSeconds(5),
        64 << 20,
        256L << 20,
        8L << 20);
  }
}
