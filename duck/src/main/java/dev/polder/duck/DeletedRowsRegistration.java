package dev.polder.duck;

/**
 * Deleted rows as an instance's scans name them. Closing it makes scans that still name the handle
 * fail, rather than show deleted rows. Thread-safe.
 */
public final class DeletedRowsRegistration implements AutoCloseable {
  private final DeletedRowsRegistry registry;
  private final long handle;

  DeletedRowsRegistration(DeletedRowsRegistry registry, long handle) {
    this.registry = registry;
    this.handle = handle;
  }

  /** The first argument of {@code live(…)}. */
  public long handle() {
    return handle;
  }

  @Override
  public void close() {
    registry.remove(handle);
  }
}
