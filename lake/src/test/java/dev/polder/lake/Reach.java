package dev.polder.lake;

import dev.polder.lake.filter.LakeFilter;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** Every file that a table's metadata leads to. */
final class Reach {
  private Reach() {}

  static Set<String> of(TestLake lake, LakeCollection table) {
    Set<String> files = new TreeSet<>(Set.of(table.metadataLocation()));
    if (table.isView()) {
      return files;
    }
    FileIO io = lake.lake.warehouse().io();
    TableMetadata metadata = lake.lake.load(table).metadata();
    metadata.previousFiles().forEach(entry -> files.add(entry.file()));
    metadata.statisticsFiles().forEach(file -> files.add(file.path()));
    for (Snapshot snapshot : metadata.snapshots()) {
      files.add(snapshot.manifestListLocation());
      if (!exists(io, snapshot.manifestListLocation())) {
        continue; // Of a state that cannot be asked for any more.
      }
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        files.add(manifest.path());
        if (exists(io, manifest.path())) {
          add(manifest, metadata, io, files);
        }
      }
    }
    lake.lake
        .plan(lake.lake.load(table), LakeFilter.ALL)
        .files()
        .forEach(file -> files.add(file.path()));
    return files;
  }

  private static boolean exists(FileIO io, String path) {
    return io.newInputFile(path).exists();
  }

  private static void add(
      ManifestFile manifest, TableMetadata metadata, FileIO io, Set<String> files) {
    try (var entries =
        manifest.content() == ManifestContent.DATA
            ? ManifestFiles.read(manifest, io, metadata.specsById())
            : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
      entries.forEach(file -> {
        files.add(file.location());
        if (file instanceof org.apache.iceberg.DeleteFile delete
            && delete.referencedDataFile() != null) {
          files.add(delete.referencedDataFile());
        }
      });
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
