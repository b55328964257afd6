package dev.polder.federation.parquet;

import java.nio.file.Path;
import java.util.List;

/** Where the files of a source are. Thread-safe. */
interface ParquetRoot extends AutoCloseable {
  /** All files of data, in order of path. */
  List<ParquetFile> list();

  /** The files of one table, in order of path. */
  List<ParquetFile> list(String table);

  /** The directory below which {@link Held#paths} lie. */
  Path directory();

  /** Local paths of complete files, in the same order. */
  Held hold(List<ParquetFile> files);

  /** Files that stay while this is open. */
  interface Held extends AutoCloseable {
    List<Path> paths();

    @Override
    void close();
  }

  @Override
  void close();
}
