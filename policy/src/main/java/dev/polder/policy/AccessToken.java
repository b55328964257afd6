package dev.polder.policy;

import dev.polder.model.Secret;
import java.time.Duration;

/**
 * An access token just made, as an OAuth client is told of it. Immutable.
 *
 * @param scope what it is good for, in the words in which scopes are asked for
 */
public record AccessToken(Secret text, Duration lifetime, String scope) {}
