package dev.polder.server;

import dev.polder.door.iceberg.TokenService;
import dev.polder.model.Secret;
import dev.polder.policy.AccessToken;
import dev.polder.policy.AccessTokens;
import java.util.Optional;

/** The tokens that the Iceberg door gives, from the one place that makes tokens. Thread-safe. */
record OAuthTokens(AccessTokens tokens) implements TokenService {
  @Override
  public Token forClient(Client client, Optional<String> scope, String address) {
    return token(tokens.forClient(client.id(), client.secret(), scope, address));
  }

  @Override
  public Token forToken(
      Secret subject, Optional<Client> client, Optional<String> scope, String address) {
    return token(tokens.forToken(subject, client.map(OAuthTokens::client), scope, address));
  }

  @Override
  public void revoke(Secret token, Optional<Client> client, String address) {
    tokens.revoke(token, client.map(OAuthTokens::client), address);
  }

  private static AccessTokens.Client client(Client shown) {
    return new AccessTokens.Client(shown.id(), shown.secret());
  }

  private static Token token(AccessToken made) {
    return new Token(made.text(), made.lifetime(), made.scope());
  }
}
