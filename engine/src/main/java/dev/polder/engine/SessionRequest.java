package dev.polder.engine;

import dev.polder.policy.Identity;
import java.util.Optional;

/**
 * What a client asks for when it opens a session.
 *
 * @param tenant the tenant to work in; a principal with a tenant may name only its own
 * @param database the database to bind to, by name; when empty the resolution chain decides
 *     (principal's default, tenant's default, {@code default})
 * @param door which door it came through, for audit and metrics: {@code flight}, {@code http}, …
 * @param clientAddress the peer, for audit
 */
public record SessionRequest(
    Identity identity,
    Optional<String> tenant,
    Optional<String> database,
    String door,
    String clientAddress) {}
