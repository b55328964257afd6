package dev.polder.policy;

import java.time.Instant;

/**
 * That somebody was established by a tenant's identity provider. Immutable.
 *
 * @param providerSince which state of the provider's settings that was: another one ends it
 * @param expiresAt when the provider's token ends, and with it all that came of it
 */
public record ExternalLogin(long providerSince, Instant expiresAt) {}
