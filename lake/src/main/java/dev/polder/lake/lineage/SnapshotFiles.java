package dev.polder.lake.lineage;

import dev.polder.lake.io.Warehouse;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Whether the metadata that a space's rows point at is there. Stateless. */
public final class SnapshotFiles {
  private static final int AT_ONCE = 8;

  private SnapshotFiles() {}

  /** Refuses with {@code SNAPSHOT_FAILED} when one is missing or the store does not answer. */
  public static void requireAll(Warehouse warehouse, List<String> files) {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<Boolean>> found =
          files.stream()
              .map(file -> threads.submit(() -> warehouse.io().newInputFile(file).exists()))
              .toList();
      for (int i = 0; i < files.size(); i++) {
        if (!found.get(i).get()) {
          throw failed(files.get(i) + " is missing", null);
        }
      }
    } catch (ExecutionException e) {
      throw failed("the store does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("the server stops", e);
    }
  }

  private static PolderException failed(String why, @Nullable Exception cause) {
    return new PolderException(
        ErrorCode.SNAPSHOT_FAILED,
        "the tenant's tables cannot be moved as they are: " + why + "; nothing was changed",
        cause);
  }
}
