package dev.polder.door.flight.internal;

import dev.polder.model.Secret;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One client's network connection. Remembers the token that each password was exchanged for, so
 * that clients which send a password with every call neither hash it nor get a new session each
 * time. Thread-safe.
 */
final class Connection {
  static final Attributes.Key<Connection> KEY = Attributes.Key.create("polder-connection");
  private static final int MOST_CREDENTIALS = 16;

  private final String id = UUID.randomUUID().toString();
  private final Map<String, Secret> tokens =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Secret> eldest) {
          return size() > MOST_CREDENTIALS;
        }
      };

  String id() {
    return id;
  }

  Optional<Secret> token(String credentialDigest) {
    synchronized (tokens) {
      return Optional.ofNullable(tokens.get(credentialDigest));
    }
  }

  void remember(String credentialDigest, Secret token) {
    synchronized (tokens) {
      tokens.put(credentialDigest, token);
    }
  }

  void forget(String credentialDigest) {
    synchronized (tokens) {
      tokens.remove(credentialDigest);
    }
  }

  /** Gives each new transport its connection and tells when it has ended. */
  static ServerTransportFilter filter(Consumer<Connection> ended) {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder().set(KEY, new Connection()).build();
      }

      @Override
      public void transportTerminated(Attributes attributes) {
        Connection connection = attributes == null ? null : attributes.get(KEY);
        if (connection != null) {
          ended.accept(connection);
        }
      }
    };
  }
}
