package dev.polder.lake.commit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs each task at once on the thread that submits it. Iceberg waits for tasks of a real pool by
 * sleeping, several times for each commit and longer than the tasks take. Thread-safe; it is never
 * shut down.
 */
final class InlineExecutor extends AbstractExecutorService {
  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException("it holds no threads");
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException("it holds no threads");
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
