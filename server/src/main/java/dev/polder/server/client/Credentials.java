package dev.polder.server.client;

import dev.polder.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Who a client says it is. Immutable. */
public sealed interface Credentials {
  /** The value of the Authorization header. */
  String authorization();

  /** A user's name and password. */
  record UserPassword(String user, Secret password) implements Credentials {
    @Override
    public String authorization() {
      byte[] pair = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
  }

  /** A token that a login or an administrator gave. */
  record Token(Secret token) implements Credentials {
    @Override
    public String authorization() {
      return "Bearer " + token.reveal();
    }
  }
}
