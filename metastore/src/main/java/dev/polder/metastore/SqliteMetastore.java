package dev.polder.metastore;

import dev.polder.metastore.internal.FileGuard;
import dev.polder.metastore.internal.Link;
import dev.polder.metastore.internal.Migrations;
import dev.polder.metastore.internal.ReadPool;
import dev.polder.metastore.internal.Runner;
import dev.polder.metastore.internal.Sql;
import dev.polder.metastore.internal.Writer;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The embedded metastore: one SQLite file that one server at a time holds open. Write-ahead log,
 * synced at each commit; an acknowledged write survives a crash and power loss. Thread-safe.
 */
public final class SqliteMetastore implements Metastore {
  private static final int MIN_READERS = 4;
  private static final int BUSY_MILLIS = 10_000;
  private static final int CACHE_KIBIBYTES = 16_384;

  private final FileGuard guard;
  private final ReadPool readers;
  private final Writer writer;

  private SqliteMetastore(FileGuard guard, ReadPool readers, Writer writer) {
    this.guard = guard;
    this.readers = readers;
    this.writer = writer;
  }

  /** Opens the file, making it and its directory if needed; refused while another server has it. */
  public static SqliteMetastore open(Path file, Clock clock, IdSource ids) {
    Path absolute = file.toAbsolutePath();
    makeDirectory(absolute);
    FileGuard guard = FileGuard.acquire(absolute);
    try {
      SQLiteDataSource database = new SQLiteDataSource(config(false));
      database.setUrl("jdbc:sqlite:" + absolute);
      Runner runner = new Runner(clock, ids);
      Migrations.SQLITE.run(database, runner);
      FileGuard.syncDirectory(directory(absolute));
      SQLiteDataSource readOnly = new SQLiteDataSource(config(true));
      readOnly.setUrl(database.getUrl());
      int count = Math.max(MIN_READERS, 2 * Runtime.getRuntime().availableProcessors());
      ReadPool readers = new ReadPool(link(readOnly, "BEGIN"), runner, count);
      Writer writer = new Writer(link(database, "BEGIN IMMEDIATE"), runner);
      // The guard proves it: whoever held something is gone.
      writer.write(tx -> {
        tx.servers().endAll();
        return true;
      });
      return new SqliteMetastore(guard, readers, writer);
    } catch (SQLException | IOException e) {
      close(guard);
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "cannot open the metastore " + absolute, e);
    } catch (RuntimeException e) {
      close(guard);
      throw e;
    }
  }

  private static SQLiteConfig config(boolean readOnly) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KIBIBYTES);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      // Some systems' fsync does not reach the disk without it.
      config.setPragma(SQLiteConfig.Pragma.FULL_SYNC, "true");
      // A checkpoint is part of the commit that comes to it: fewer, larger ones halved what a
      // clone of 1,000 tables waits for.
      config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "4000");
    }
    return config;
  }

  private static Link link(SQLiteDataSource source, String begin) {
    return new Link() {
      @Override
      public Sql open() throws SQLException {
        return new Sql(source.getConnection());
      }

      @Override
      public String begin() {
        return begin;
      }
    };
  }

  private static void makeDirectory(Path file) {
    try {
      Files.createDirectories(directory(file));
    } catch (IOException e) {
      throw new PolderException(ErrorCode.STORAGE_ERROR, "cannot make the directory of " + file, e);
    }
  }

  private static Path directory(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION, file + " is no place for the metastore's file");
    }
    return parent;
  }

  @Override
  public <T> T read(Work<T> work) {
    return readers.read(work);
  }

  @Override
  public <T> T write(Work<T> work) {
    return writer.write(work);
  }

  @Override
  public void onChange(Runnable listener) {
    writer.onChange(listener);
  }

  @Override
  public boolean isShared() {
    return false;
  }

  /** Finishes the writes handed over before and the reads that run. */
  @Override
  public void close() {
    readers.close();
    writer.close();
    close(guard);
  }

  private static void close(FileGuard guard) {
    try {
      guard.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the metastore's lock", e);
    }
  }
}
