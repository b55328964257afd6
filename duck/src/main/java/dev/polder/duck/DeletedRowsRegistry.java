package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/** The deleted rows that an instance's function {@code live} asks, by handle. Thread-safe. */
final class DeletedRowsRegistry {
  static final String FUNCTION = "live";

  private final ConcurrentHashMap<Long, DeletedRows> byHandle = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  DeletedRowsRegistration register(DeletedRows rows) {
    // Unguessable: whoever could call the function must not read about other scans' deletes.
    long handle = random.nextLong() & Long.MAX_VALUE;
    while (byHandle.putIfAbsent(handle, rows) != null) {
      handle = random.nextLong() & Long.MAX_VALUE;
    }
    return new DeletedRowsRegistration(this, handle);
  }

  void remove(long handle) {
    byHandle.remove(handle);
  }

  ScalarFunction function() {
    return new ScalarFunction(
        FUNCTION,
        List.of(DuckDBColumnType.BIGINT, DuckDBColumnType.INTEGER, DuckDBColumnType.BIGINT),
        DuckDBColumnType.BOOLEAN,
        this::live);
  }

  private void live(DuckDBDataChunkReader input, DuckDBWritableVector output) {
    try {
      fill(input, output);
    } catch (PolderException e) {
      throw CallbackErrors.marked(e);
    }
  }

  private void fill(DuckDBDataChunkReader input, DuckDBWritableVector output) {
    long count = input.rowCount();
    if (count == 0) {
      return;
    }
    DuckDBReadableVector handles = input.vector(0);
    DuckDBReadableVector files = input.vector(1);
    DuckDBReadableVector rows = input.vector(2);
    // The handle and the file index are literals of one scan, but a chunk's vectors may be flat.
    long handle = -1;
    DeletedRows deleted = null;
    for (long i = 0; i < count; i++) {
      long rowHandle = handles.getLong(i);
      if (deleted == null || rowHandle != handle) {
        handle = rowHandle;
        deleted = byHandle.get(handle);
        if (deleted == null) {
          throw new PolderException(
              ErrorCode.INTERNAL_ERROR, "the deleted rows of a scan are no longer registered");
        }
      }
      output.setBoolean(i, !deleted.isDeleted(files.getInt(i), rows.getLong(i)));
    }
  }
}
