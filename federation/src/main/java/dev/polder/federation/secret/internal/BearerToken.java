package dev.polder.federation.secret.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store's token that ends some time: got when it is first needed, again before it ends, and when
 * the store refused it. One thread at a time gets it, the others wait for that. Thread-safe.
 */
final class BearerToken {
  /** How tokens are got. */
  interface Source {
    /**
     * Gets a token.
     *
     * @param ending the one that is about to end, which may be prolonged; null: there is none
     */
    Token get(@Nullable Token ending) throws SecretFailure;
  }

  /** A token and when it ends; prints no token. */
  record Token(String value, Instant from, Instant ends) {
    static Token lasting(String value, long seconds) {
      Instant now = Instant.now();
      return new Token(value, now, now.plusSeconds(seconds));
    }

    /** One whose end is not known: good until it is refused. */
    static Token unending(String value) {
      return new Token(value, Instant.now(), Instant.MAX);
    }

    private boolean isEnding() {
      Instant now = Instant.now();
      if (ends.equals(Instant.MAX)) {
        return false;
      }
      Duration life = Duration.between(from, ends);
      Duration margin =
          life.dividedBy(3).compareTo(Duration.ofMinutes(5)) < 0
              ? life.dividedBy(3)
              : Duration.ofMinutes(5);
      return now.isAfter(ends.minus(margin));
    }

    @Override
    public String toString() {
      return "Token[ends=" + ends + "]";
    }
  }

  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Token current;

  BearerToken(Source source) {
    this.source = source;
  }

  String value() throws SecretFailure {
    lock.lock();
    try {
      if (current == null || current.isEnding()) {
        current = source.get(current);
      }
      return current.value();
    } finally {
      lock.unlock();
    }
  }

  /** Has another one got the next time, unless that has happened already. */
  void refused(String value) {
    lock.lock();
    try {
      if (current != null && current.value().equals(value)) {
        current = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
