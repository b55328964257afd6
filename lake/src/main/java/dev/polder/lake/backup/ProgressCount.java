package dev.polder.lake.backup;

/** Counts one phase's files and bytes. One owner. */
final class ProgressCount {
  private final BackupProgress.Listener listener;
  private final String phase;
  private final long files;
  private final long bytes;
  private long filesDone;
  private long bytesDone;

  ProgressCount(BackupProgress.Listener listener, String phase, long files, long bytes) {
    this.listener = listener;
    this.phase = phase;
    this.files = files;
    this.bytes = bytes;
    report();
  }

  void bytes(long more) {
    bytesDone += more;
    report();
  }

  void file() {
    filesDone++;
    report();
  }

  private void report() {
    listener.report(new BackupProgress(phase, files, filesDone, bytes, bytesDone));
  }
}
