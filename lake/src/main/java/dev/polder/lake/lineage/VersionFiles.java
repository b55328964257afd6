package dev.polder.lake.lineage;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/**
 * All files that a version of a table or view needs, with those of its branches and tags: what
 * {@link VersionCopy} reads. One owner.
 */
public final class VersionFiles {
  private static final int DELETED = 2;

  private final FileIO io;
  private final MetadataFiles metadata;
  private final Map<String, Long> files = new TreeMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Long> content = new HashMap<>();

  public VersionFiles(FileIO io, MetadataFiles metadata) {
    this.io = io;
    this.metadata = metadata;
  }

  /** Their paths and sizes. */
  public Map<String, Long> files() {
    return files;
  }

  /** What the data and delete files among them take up together. */
  public long contentBytes() {
    return content.values().stream().mapToLong(Long::longValue).sum();
  }

  public void add(LakeCollection version) {
    measure(version.metadataLocation());
    if (!version.isTable()) {
      return;
    }
    TableMetadata table = metadata.table(version);
    Set<Long> kept = VersionRewriter.kept(table);
    for (Snapshot snapshot : table.snapshots()) {
      if (kept.contains(snapshot.snapshotId()) && seen.add(snapshot.manifestListLocation())) {
        list(snapshot.manifestListLocation());
      }
    }
    files.putAll(content);
  }

  private void measure(String path) {
    files.put(path, io.newInputFile(path).getLength());
  }

  private void list(String path) {
    measure(path);
    for (GenericRecord entry : AvroCopy.read(io, path).records()) {
      String manifest = entry.get("manifest_path").toString();
      if (seen.add(manifest)) {
        files.put(manifest, ((Number) entry.get("manifest_length")).longValue());
        manifest(manifest);
      }
    }
  }

  private void manifest(String path) {
    for (GenericRecord entry : AvroCopy.read(io, path).records()) {
      if (((Number) entry.get("status")).intValue() != DELETED) {
        GenericRecord file = (GenericRecord) entry.get("data_file");
        content.put(
            file.get("file_path").toString(),
            ((Number) file.get("file_size_in_bytes")).longValue());
      }
    }
  }
}
