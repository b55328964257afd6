package dev.polder.lake.backup;

/**
 * How far a backup or a restore is. Immutable.
 *
 * @param phase what it does: {@code copy}, {@code verify}, {@code write}, {@code check}
 */
public record BackupProgress(String phase, long files, long filesDone, long bytes, long bytesDone) {
  /** Hears of progress, often; what it throws ends the work and leaves nothing of it behind. */
  @FunctionalInterface
  public interface Listener {
    void report(BackupProgress progress);
  }
}
