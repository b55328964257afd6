package dev.polder.metastore.job;

import dev.polder.model.JobId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Work that some server does in the background. While it runs, one server holds its lease; when the
 * lease ends without an answer, another one takes it. Immutable.
 *
 * @param payload what its kind needs, as JSON
 * @param progress what its kind reports, as JSON
 * @param place empty: the whole server's
 */
public record Job(
    JobId id,
    String kind,
    JobState state,
    String payload,
    Optional<String> progress,
    Optional<String> leaseOwner,
    OptionalLong leaseUntil,
    long runAt,
    int attempts,
    boolean cancelRequested,
    Optional<String> error,
    long createdAt,
    OptionalLong finishedAt,
    Optional<JobPlace> place) {}
