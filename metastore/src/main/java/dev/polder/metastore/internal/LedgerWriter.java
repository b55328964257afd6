package dev.polder.metastore.internal;

import dev.polder.metastore.commit.FileChange;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a commit's files and what they add to the space's storage. Bound to one transaction. */
public final class LedgerWriter {
  private final Transaction tx;

  public LedgerWriter(Transaction tx) {
    this.tx = tx;
  }

  public void write(SpaceKey space, long seq, List<FileChange> files) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    Map<String, long[]> sums = new TreeMap<>();
    for (FileChange file : files) {
      rows.add(
          new @Nullable Object[] {
            space.database(), seq, file.collection(), file.path(), file.kind(), file.bytes()
          });
      if (file.kind() == FileChange.Kind.ADDED || file.kind() == FileChange.Kind.SHARED) {
        requireKept(file.path());
      }
      long[] sum = sums.computeIfAbsent(file.collection().value(), id -> new long[4]);
      switch (file.kind()) {
        case ADDED -> add(sum, 0, file.bytes(), 1);
        case REMOVED -> add(sum, 0, -file.bytes(), -1);
        case SHARED -> add(sum, 2, file.bytes(), 1);
        case RELEASED -> add(sum, 2, -file.bytes(), -1);
      }
    }
    tx.sql()
        .updateAll(
            "INSERT INTO commit_file (database_id, seq, collection_id, path, kind, bytes) VALUES"
                + " (?, ?, ?, ?, ?, ?)",
            rows);
    sums.forEach((id, sum) -> add(space, new CollectionId(id), sum));
  }

  /** What is named again must not be deleted, and what is deleted must not be named. */
  private void requireKept(String path) {
    Optional<Boolean> collected =
        tx.sql()
            .one(
                "SELECT 1 FROM collected WHERE path = ? UNION ALL SELECT 0 FROM condemned WHERE"
                    + " path = ?",
                row -> row.flag(),
                path,
                path);
    if (collected.isEmpty()) {
      return;
    }
    tx.storage().forgetCondemned(List.of(path));
    if (collected.get()) {
      throw new PolderException(
          ErrorCode.DATA_FILE_MISSING,
          "file " + path + " was deleted because nothing used it; run the statement again");
    }
  }

  private static void add(long[] sum, int at, long bytes, int files) {
    sum[at] += bytes;
    sum[at + 1] += files;
  }

  private void add(SpaceKey space, CollectionId collection, long[] sum) {
    tx.sql()
        .update(
            "INSERT INTO storage_ledger AS l (database_id, tenant, collection_id, bytes, files,"
                + " shared_bytes, shared_files) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
                + " (database_id, tenant, collection_id) DO UPDATE SET bytes = l.bytes +"
                + " excluded.bytes, files = l.files + excluded.files, shared_bytes ="
                + " l.shared_bytes + excluded.shared_bytes, shared_files = l.shared_files +"
                + " excluded.shared_files",
            space.database(),
            space.tenant(),
            collection,
            sum[0],
            sum[1],
            sum[2],
            sum[3]);
  }
}
