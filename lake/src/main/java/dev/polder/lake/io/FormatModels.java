package dev.polder.lake.io;

import org.apache.iceberg.formats.FormatModelRegistry;

/** Iceberg's readers and writers of file formats. Stateless. */
public final class FormatModels {
  private FormatModels() {}

  /**
   * Has Iceberg find its formats now. It looks for them once, by the class loader of whichever
   * thread asks first; on a thread of DuckDB, which has none, it would find none for good.
   */
  public static void load() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(FormatModels.class.getClassLoader());
    try {
      Class.forName(FormatModelRegistry.class.getName(), true, FormatModels.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Iceberg's core is not complete", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
