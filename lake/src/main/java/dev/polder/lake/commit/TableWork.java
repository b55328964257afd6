package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.io.RecordingFileIO;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/**
 * What one transaction does to one table: its version when the transaction began, the changes, and
 * the versions that they make of it, computed when asked for. One owner, not thread-safe.
 */
final class TableWork {
  private final LakeCollection entry;
  private final TableMetadata base;
  private final boolean created;
  private final RecordingFileIO io;
  private final List<TableChange> changes = new ArrayList<>();
  private final List<TableState> states = new ArrayList<>();
  private final Set<String> offered = new HashSet<>();

  TableWork(LakeCollection entry, TableMetadata base, boolean created, FileIO io) {
    this.entry = entry;
    this.base = base;
    this.created = created;
    this.io = new RecordingFileIO(io);
  }

  LakeCollection entry() {
    return entry;
  }

  TableMetadata base() {
    return base;
  }

  /** Whether this transaction made the table. */
  boolean created() {
    return created;
  }

  RecordingFileIO io() {
    return io;
  }

  List<TableChange> changes() {
    return changes;
  }

  /** The data files of all changes, also of those that were taken back. */
  Set<String> offered() {
    return offered;
  }

  void add(TableChange change) {
    changes.add(change);
    change.added().forEach(file -> offered.add(file.path()));
  }

  void truncate(int size) {
    while (changes.size() > size) {
      changes.removeLast();
    }
    while (states.size() > size) {
      states.removeLast();
    }
  }

  /** The table with all changes so far. */
  TableState state(ChangeApplier applier) {
    while (states.size() < changes.size()) {
      TableMetadata next =
          applier.apply(entry.id(), last().metadata(), changes.get(states.size()), io);
      states.add(TableState.of(entry.id(), next, entry.id() + "/" + UUID.randomUUID()));
    }
    return last();
  }

  TableState baseState() {
    return TableState.of(
        entry.id(), base, created ? entry.id() + "/created" : base.metadataFileLocation());
  }

  private TableState last() {
    return states.isEmpty() ? baseState() : states.getLast();
  }
}
