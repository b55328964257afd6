package dev.polder.policy;

/**
 * The cost of an argon2id hash and of the threads that compute them. Immutable.
 *
 * @param memoryKib memory of one hash
 * @param threads how many hashes are computed at once
 * @param queue how many wait for a thread; beyond that logins answer {@code SERVER_BUSY}
 * @param queuePerSource how many of the waiting and running may come from one address, so that one
 *     address cannot fill the queue
 */
public record PasswordHashing(
    int memoryKib, int iterations, int parallelism, int threads, int queue, int queuePerSource) {
  /** OWASP's recommendation: 19 MiB, two passes, one lane. */
  public static PasswordHashing recommended() {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    return new PasswordHashing(19_456, 2, 1, threads, 64, 32);
  }

  public PasswordHashing {
    if (memoryKib < 8
        || iterations < 1
        || parallelism < 1
        || threads < 1
        || queue < 1
        || queuePerSource < 1) {
      throw new IllegalArgumentException("parameters of argon2id out of range");
    }
  }
}
