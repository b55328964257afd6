package dev.polder.door.http;

import dev.polder.http.HttpAuthenticator;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.model.TokenId;
import dev.polder.policy.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Two users whose password is their name turned around, tokens kept in memory. */
final class TestCredentials implements HttpAuthenticator {
  static final String STATIC_KEY = "static-key";
  private final Map<String, Identity> tokens = new ConcurrentHashMap<>();

  @Override
  public Identity password(String user, Secret password, String clientAddress) {
    if (!(user.equals("admin") || user.equals("bob"))
        || !password.equals(Secret.of(new StringBuilder(user).reverse().toString()))) {
      throw new PolderException(ErrorCode.INVALID_PASSWORD, "wrong user or password");
    }
    return identity(user, Optional.empty());
  }

  @Override
  public Identity token(Secret token) {
    if (token.reveal().equals(STATIC_KEY)) {
      return identity("admin", Optional.empty());
    }
    Identity identity = tokens.get(token.reveal());
    if (identity == null) {
      throw new PolderException(ErrorCode.AUTHENTICATION_FAILED, "the token is not valid");
    }
    return identity;
  }

  @Override
  public Login login(Identity identity, Duration lifetime) {
    String text = UUID.randomUUID().toString();
    tokens.put(text, identity(identity.name().value(), Optional.of(new TokenId(text))));
    return new Login(Secret.of(text), Instant.now().plus(lifetime));
  }

  @Override
  public void logout(Identity identity) {
    identity.token().ifPresent(token -> tokens.remove(token.value()));
  }

  private static Identity identity(String user, Optional<TokenId> token) {
    return new Identity(
        new PrincipalId(user),
        new PrincipalName(user),
        user.equals("admin") ? Optional.empty() : Optional.of(new TenantId("acme")),
        user.equals("admin"),
        token);
  }
}
