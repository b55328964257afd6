package dev.polder.door.http;

import dev.polder.engine.MirrorFeed;
import dev.polder.engine.SessionService;
import dev.polder.engine.StagingArea;
import dev.polder.policy.Identity;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the door works on. The door owns none of these and closes none of them.
 *
 * @param readiness asked on each {@code GET /ready}; must answer quickly and never block on the
 *     engine's permits
 * @param administers whether somebody is a superuser or a cluster_admin now
 */
public record HttpServices(
    SessionService sessions,
    StagingArea staging,
    MirrorFeed mirrors,
    HttpAuthenticator authenticator,
    Supplier<Readiness> readiness,
    PrometheusMeterRegistry metrics,
    Predicate<Identity> administers) {}
