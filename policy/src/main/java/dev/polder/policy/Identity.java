package dev.polder.policy;

import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import dev.polder.model.TokenId;
import java.util.Optional;

/**
 * Who is asking, as established by the {@code Authenticator}. Immutable.
 *
 * @param tenant empty for the server's own principals
 * @param token the token it came with, if it came with one
 */
public record Identity(
    PrincipalId id,
    PrincipalName name,
    Optional<TenantId> tenant,
    boolean superuser,
    Optional<TokenId> token) {}
