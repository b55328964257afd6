package dev.polder.lake.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.TableState;
import dev.polder.lake.io.StorageFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.util.StructLikeSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * Turns delete files of every kind into positions of deleted rows. Equality deletes are resolved
 * once for a data file and a set of delete files by reading the compared columns; the result is a
 * bitmap like any other, so that readers know one kind of delete only. Thread-safe.
 */
final class DeleteReader {
  private final FileIO io;
  private final BaseDeleteLoader loader;
  private final Cache<Key, RoaringBitmap> cache;

  DeleteReader(FileIO io, long maximumBytes) {
    this.io = io;
    this.loader = new BaseDeleteLoader(io::newInputFile);
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher((Key key, RoaringBitmap rows) -> 500 + rows.getSizeInBytes())
            .build();
  }

  RowDeletes deletes(TableState table, DataFile file, List<DeleteFile> deletes) {
    Key key = new Key(file.location(), keys(deletes));
    return () -> cache.get(key, ignored -> load(table, file, deletes));
  }

  /** The rows that position deletes and deletion vectors hide, without equality deletes. */
  PositionDeleteIndex positions(DataFile file, List<DeleteFile> deletes) {
    return loader.loadPositionDeletes(
        deletes.stream().filter(d -> d.content() == FileContent.POSITION_DELETES).toList(),
        file.location());
  }

  private RoaringBitmap load(TableState table, DataFile file, List<DeleteFile> deletes) {
    if (file.recordCount() > Integer.MAX_VALUE) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          file.location() + " has deletes and more than 2^31 rows; rewrite it into smaller files");
    }
    try {
      RoaringBitmap rows = new RoaringBitmap();
      PositionDeleteIndex positions = positions(file, deletes);
      positions.forEach(position -> rows.add((int) position));
      Map<Set<Integer>, List<DeleteFile>> byColumns = new LinkedHashMap<>();
      for (DeleteFile delete : deletes) {
        if (delete.content() == FileContent.EQUALITY_DELETES) {
          byColumns
              .computeIfAbsent(new HashSet<>(delete.equalityFieldIds()), c -> new ArrayList<>())
              .add(delete);
        }
      }
      byColumns.forEach((columns, files) -> addEqual(table, file, columns, files, rows));
      rows.runOptimize();
      return rows;
    } catch (PolderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw StorageFailure.of("cannot read the deletes of " + file.location(), e);
    }
  }

  private void addEqual(
      TableState table,
      DataFile file,
      Set<Integer> columns,
      List<DeleteFile> deletes,
      RoaringBitmap rows) {
    Schema compared = columns(table, columns);
    StructLikeSet values = loader.loadEqualityDeletes(deletes, compared);
    if (!values.isEmpty()) {
      new RowMatcher(io, table, file).addMatches(compared, values, rows);
    }
  }

  /** Deletes may compare columns that the current schema has dropped. */
  private static Schema columns(TableState table, Set<Integer> ids) {
    List<Schema> schemas = new ArrayList<>(table.metadata().schemas().reversed());
    schemas.addFirst(table.schema());
    return schemas.stream()
        .filter(schema -> ids.stream().allMatch(id -> schema.findField(id) != null))
        .findFirst()
        .map(schema -> TypeUtil.select(schema, ids))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.STORAGE_ERROR,
                "an equality delete compares fields " + ids + ", which no schema has"));
  }

  private static Set<String> keys(List<DeleteFile> deletes) {
    return deletes.stream()
        .map(d -> d.location() + (d.contentOffset() == null ? "" : "#" + d.contentOffset()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private record Key(String file, Set<String> deletes) {}
}
