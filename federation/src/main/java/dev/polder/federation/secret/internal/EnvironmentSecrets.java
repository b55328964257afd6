package dev.polder.federation.secret.internal;

import dev.polder.federation.secret.SecretResolver;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The server's environment variables, of which only those may be read whose names begin as
 * configured: the others are the server's own. Thread-safe.
 */
public final class EnvironmentSecrets implements SecretResolver {
  private final List<String> prefixes;
  private final UnaryOperator<@Nullable String> environment;

  public EnvironmentSecrets(List<String> prefixes, UnaryOperator<@Nullable String> environment) {
    this.prefixes = List.copyOf(prefixes);
    this.environment = environment;
  }

  @Override
  public void check(String name, String variable) {
    if (prefixes.stream().noneMatch(variable::startsWith)) {
      throw new PolderException(
          ErrorCode.SECRET_UNRESOLVED,
          "secret '"
              + name
              + "': env var '"
              + variable
              + "' cannot be read: its name must begin with "
              + String.join(" or ", prefixes));
    }
  }

  @Override
  public Secret resolve(String name, String variable) {
    check(name, variable);
    String value = environment.apply(variable);
    if (value == null) {
      throw new PolderException(
          ErrorCode.SECRET_UNRESOLVED,
          "env var '" + variable + "' not set for secret '" + name + "'");
    }
    return Secret.of(value);
  }

  @Override
  public void invalidate(String path) {}

  @Override
  public void close() {}
}
