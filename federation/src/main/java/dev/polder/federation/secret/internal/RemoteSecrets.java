package dev.polder.federation.secret.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.federation.secret.SecretResolver;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The secrets of one store, each kept for some seconds. However many ask, the store is asked once
 * at a time; a failure is not kept. References are {@code path} or {@code path#field}. Thread-safe.
 */
public final class RemoteSecrets implements SecretResolver {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_KEPT = 10_000;

  private final SecretFetch store;
  private final Duration timeout;
  private final AsyncCache<String, Secret> known;

  public RemoteSecrets(SecretFetch store, SecretStoreSettings settings) {
    this.store = store;
    this.timeout = settings.timeout();
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MOST_KEPT)
            .expireAfterWrite(settings.keep())
            .executor(Thread::startVirtualThread)
            .buildAsync();
  }

  private record Reference(String path, String field) {
    static Reference of(String text) {
      int hash = text.lastIndexOf('#');
      return hash < 0
          ? new Reference(text, "")
          : new Reference(text.substring(0, hash), text.substring(hash + 1));
    }
  }

  @Override
  public void check(String name, String text) {
    try {
      checked(text);
    } catch (SecretFailure e) {
      throw unresolved(name, e);
    }
  }

  private Reference checked(String text) throws SecretFailure {
    Reference reference = Reference.of(text);
    if (reference.field().isEmpty() && (store.hasFields() || text.endsWith("#"))) {
      throw new SecretFailure(
          store.store() + " needs the name of a field: '" + reference.path() + "#field'");
    }
    store.check(reference.path());
    return reference;
  }

  @Override
  public Secret resolve(String name, String text) {
    try {
      Reference reference = checked(text);
      Secret whole = whole(reference.path());
      return reference.field().isEmpty() ? whole : field(whole, reference);
    } catch (SecretFailure e) {
      throw unresolved(name, e);
    }
  }

  private Secret whole(String path) throws SecretFailure {
    CompletableFuture<Secret> answer = known.get(path, asked -> Secret.of(fetched(asked)));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new SecretFailure(
          store.store() + " did not answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SecretFailure("interrupted while " + store.store() + " was asked");
    } catch (ExecutionException e) {
      // The cache drops what failed, but perhaps only after we woke up and are asked again.
      known.asMap().remove(path, answer);
      if (e.getCause() instanceof SecretFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("asking " + store.store() + " failed", e.getCause());
    }
  }

  private String fetched(String path) {
    try {
      return store.fetch(path);
    } catch (SecretFailure e) {
      throw new CompletionException(e);
    }
  }

  private Secret field(Secret whole, Reference reference) throws SecretFailure {
    JsonNode fields;
    try {
      fields = JSON.readTree(whole.reveal());
    } catch (JsonProcessingException e) {
      // What it says may show the secret.
      fields = JSON.missingNode();
    }
    if (!fields.isObject()) {
      throw new SecretFailure(
          "'" + reference.path() + "' in " + store.store() + " is no JSON object");
    }
    JsonNode value = fields.path(reference.field());
    if (!value.isValueNode() || value.isNull()) {
      throw new SecretFailure(
          "'"
              + reference.path()
              + "' in "
              + store.store()
              + (value.isContainerNode() ? " has no text in field '" : " has no field '")
              + reference.field()
              + "'");
    }
    return Secret.of(value.asText());
  }

  @Override
  public void invalidate(String text) {
    known.synchronous().invalidate(Reference.of(text).path());
  }

  private static PolderException unresolved(String name, SecretFailure why) {
    return new PolderException(
        ErrorCode.SECRET_UNRESOLVED, "secret '" + name + "': " + why.getMessage());
  }

  @Override
  public void close() {
    store.close();
  }
}
