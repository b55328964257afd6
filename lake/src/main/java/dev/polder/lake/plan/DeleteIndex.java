package dev.polder.lake.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.StructLikeWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Which delete files apply to a data file, by the rules of the table format: a deletion vector
 * hides position deletes of its file; position deletes count for files that are not newer, equality
 * deletes for older ones only; deletes of a partition stay in it, and equality deletes of an
 * unpartitioned spec are global. Immutable once built and thread-safe.
 */
final class DeleteIndex {
  private final Map<Integer, PartitionSpec> specs;
  private final Map<String, DeleteFile> vectors = new HashMap<>();
  private final Map<String, List<DeleteFile>> positionsByPath = new HashMap<>();
  private final Map<Partition, List<DeleteFile>> positionsByPartition = new HashMap<>();
  private final Map<Partition, List<DeleteFile>> equalityByPartition = new HashMap<>();
  private final List<DeleteFile> globalEquality = new ArrayList<>();
  private final Map<Integer, StructLikeWrapper> wrappers = new ConcurrentHashMap<>();
  private final int size;

  DeleteIndex(List<DeleteFile> deletes, Map<Integer, PartitionSpec> specs) {
    this.specs = specs;
    this.size = deletes.size();
    deletes.forEach(this::add);
  }

  private void add(DeleteFile file) {
    if (file.content() == FileContent.EQUALITY_DELETES) {
      if (spec(file.specId()).isUnpartitioned()) {
        globalEquality.add(file);
      } else {
        equalityByPartition.computeIfAbsent(partition(file), p -> new ArrayList<>()).add(file);
      }
      return;
    }
    if (ContentFileUtil.isDV(file)) {
      vectors.put(file.referencedDataFile(), file);
      return;
    }
    String path = ContentFileUtil.referencedDataFileLocation(file);
    if (path == null) {
      positionsByPartition.computeIfAbsent(partition(file), p -> new ArrayList<>()).add(file);
    } else {
      positionsByPath.computeIfAbsent(path, p -> new ArrayList<>()).add(file);
    }
  }

  List<DeleteFile> of(DataFile file) {
    List<DeleteFile> found = new ArrayList<>();
    long sequence = file.dataSequenceNumber();
    DeleteFile vector = vectors.get(file.location());
    if (vector != null) {
      found.add(vector);
    } else {
      from(positionsByPath.get(file.location()), sequence, found);
      if (!positionsByPartition.isEmpty()) {
        from(positionsByPartition.get(partition(file)), sequence, found);
      }
    }
    from(globalEquality, sequence + 1, found);
    if (!equalityByPartition.isEmpty()) {
      from(equalityByPartition.get(partition(file)), sequence + 1, found);
    }
    return found;
  }

  /** How many delete files there are. */
  int size() {
    return size;
  }

  private static void from(
      @Nullable List<DeleteFile> candidates, long minimumSequence, List<DeleteFile> found) {
    if (candidates == null) {
      return;
    }
    for (DeleteFile candidate : candidates) {
      if (candidate.dataSequenceNumber() >= minimumSequence) {
        found.add(candidate);
      }
    }
  }

  private PartitionSpec spec(int id) {
    return Objects.requireNonNull(specs.get(id), "partition spec");
  }

  private Partition partition(ContentFile<?> file) {
    StructLikeWrapper wrapper =
        wrappers.computeIfAbsent(
            file.specId(), id -> StructLikeWrapper.forType(spec(id).partitionType()));
    return new Partition(file.specId(), wrapper.copyFor(file.partition()));
  }

  private record Partition(int specId, StructLikeWrapper values) {}
}
