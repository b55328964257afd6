package dev.polder.lake.lineage;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.apache.iceberg.io.FileIO;

/**
 * Writes one version of a table or view that lies elsewhere as the first version of a new one, into
 * the warehouse and under the new one's own identity. Its history stays behind. One owner.
 */
public final class VersionCopy {
  private final OwnFiles files;
  private final VersionRewriter rewriter;

  /**
   * @param io reads the version's files under the names that they had, and writes to the warehouse
   * @param location the new table's directory, which nothing has used yet
   * @param copied hears the bytes of each copied data file
   */
  public VersionCopy(
      Warehouse warehouse,
      FileIO io,
      MetadataFiles metadata,
      String location,
      LongConsumer copied) {
    this.files = new OwnFiles(warehouse, io, location, Set.of(), copied);
    this.rewriter = new VersionRewriter(metadata, files);
  }

  /**
   * Returns what was written, by the name of the file whose place it takes.
   *
   * @param version under the new identity, with the metadata location that it had
   */
  public Map<String, Replacement> write(LakeCollection version) {
    rewriter.rewrite(List.of(version));
    return files.replacements();
  }

  /** Those of the files that are the same byte for byte: from the old to the new name. */
  public Map<String, String> copies() {
    Map<String, String> copies = new TreeMap<>();
    files
        .replacements()
        .forEach((path, replacement) -> {
          if (replacement.path().equals(files.target(path))) {
            copies.put(path, replacement.path());
          }
        });
    return copies;
  }
}
