package dev.polder.door.http;

import dev.polder.engine.MirrorFeed;
import dev.polder.engine.SessionService;
import dev.polder.engine.StagingArea;
import dev.polder.http.HttpAuthenticator;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;

/**
 * What the door works on. The door owns none of these and closes none of them.
 *
 * @param readiness asked on each {@code GET /ready}; must answer quickly and never block on the
 *     engine's permits
 */
public record HttpServices(
    SessionService sessions,
    StagingArea staging,
    MirrorFeed mirrors,
    HttpAuthenticator authenticator,
    Supplier<Readiness> readiness,
    PrometheusMeterRegistry metrics) {}
