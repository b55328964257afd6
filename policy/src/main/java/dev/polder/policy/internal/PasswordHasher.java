package dev.polder.policy.internal;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.policy.PasswordHashing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Computes argon2id on its own few platform threads with a bounded queue, so that a storm of logins
 * takes neither the memory nor the processors of the queries. Thread-safe; closing it stops its
 * threads.
 */
public final class PasswordHasher implements AutoCloseable {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private final PasswordHashing parameters;
  private final Argon2Function function;
  private final ThreadPoolExecutor threads;
  private final ConcurrentHashMap<String, Integer> inFlight = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final PasswordHash dummy;

  public PasswordHasher(PasswordHashing parameters) {
    this.parameters = parameters;
    this.function =
        Argon2Function.getInstance(
            parameters.memoryKib(),
            parameters.iterations(),
            parameters.parallelism(),
            HASH_BYTES,
            Argon2.ID);
    this.threads =
        new ThreadPoolExecutor(
            parameters.threads(),
            parameters.threads(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(parameters.queue()),
            Thread.ofPlatform().daemon().name("argon2-", 0).factory());
    this.threads.allowCoreThreadTimeOut(true);
    byte[] unknowable = new byte[HASH_BYTES];
    random.nextBytes(unknowable);
    this.dummy = compute(unknowable);
  }

  public PasswordHash hash(Secret password, String source) {
    return run(source, () -> compute(bytes(password)));
  }

  public boolean verify(Secret password, PasswordHash hash, String source) {
    // withArgon2() of the library checks with the configured parameters instead of the hash's own.
    return run(
        source,
        () -> Argon2Function.getInstanceFromHash(hash.phc()).check(password.reveal(), hash.phc()));
  }

  /**
   * A hash of a password that nobody knows: verifying against it costs as much as against a real
   * one, for names that have none.
   */
  public PasswordHash unknowable() {
    return dummy;
  }

  /** How many hashes are being computed at this moment. */
  public int active() {
    return threads.getActiveCount();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private PasswordHash compute(byte[] password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new PasswordHash(function.hash(password, salt).getResult());
  }

  private <T> T run(String source, Callable<T> work) {
    enter(source);
    try {
      return await(submit(work));
    } finally {
      inFlight.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  private void enter(String source) {
    int entered = inFlight.merge(source, 1, Integer::sum);
    if (entered > parameters.queuePerSource()) {
      inFlight.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
      throw busy();
    }
  }

  private <T> Future<T> submit(Callable<T> work) {
    try {
      return threads.submit(work);
    } catch (RejectedExecutionException full) {
      if (threads.isShutdown()) {
        throw new PolderException(
            ErrorCode.SHUTTING_DOWN, "the server is shutting down; connect again later", full);
      }
      throw busy();
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the login was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw new PolderException(
          ErrorCode.INTERNAL_ERROR, "the password could not be checked", failed.getCause());
    }
  }

  private static PolderException busy() {
    return new PolderException(
        ErrorCode.SERVER_BUSY, "too many logins are being checked; try again in a moment");
  }

  private static byte[] bytes(Secret password) {
    return password.reveal().getBytes(StandardCharsets.UTF_8);
  }
}
