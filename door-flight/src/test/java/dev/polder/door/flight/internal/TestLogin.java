package dev.polder.door.flight.internal;

import dev.polder.door.flight.Login;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.model.TokenId;
import dev.polder.policy.Identity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Two users with passwords, and one API key. */
public final class TestLogin implements Login {
  public static final String API_KEY = "key-of-alice";
  public final Set<String> addresses = ConcurrentHashMap.newKeySet();
  public final AtomicInteger passwordsChecked = new AtomicInteger();
  private final Map<String, String> passwords = Map.of("alice", "se:cret", "bob", "hidden");
  private final Map<String, Identity> tokens = new ConcurrentHashMap<>();

  public TestLogin() {
    tokens.put(API_KEY, identity("alice"));
  }

  private static Identity identity(String user) {
    return new Identity(
        new PrincipalId(user),
        new PrincipalName(user),
        Optional.empty(),
        false,
        Optional.of(new TokenId("t")));
  }

  @Override
  public Identity password(String user, Secret password, String clientAddress) {
    passwordsChecked.incrementAndGet();
    addresses.add(clientAddress);
    if (!password.reveal().equals(passwords.get(user))) {
      throw new PolderException(
          ErrorCode.INVALID_PASSWORD, "the user or password is wrong; check both");
    }
    return identity(user);
  }

  @Override
  public Identity token(Secret token) {
    Identity identity = tokens.get(token.reveal());
    if (identity == null) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED, "the token is unknown or has expired; log in again");
    }
    return identity;
  }

  @Override
  public Secret issue(Identity identity, Duration lifetime) {
    String token = UUID.randomUUID().toString();
    tokens.put(token, identity);
    return Secret.of(token);
  }

  public void revokeAll() {
    tokens.clear();
  }
}
