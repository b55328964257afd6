package dev.polder.lake.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.io.StorageFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.io.FileIO;

/**
 * The live entries of manifests by path. Manifests never change, so none is parsed twice while it
 * fits. Thread-safe.
 */
final class ManifestCache {
  private static final int BYTES_PER_FILE = 400;
  private static final int BYTES_PER_METRIC = 48;

  private final FileIO io;
  private final Cache<String, Entries> cache;

  ManifestCache(FileIO io, long maximumBytes) {
    this.io = io;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher((String path, Entries entries) -> entries.weight())
            .build();
  }

  List<DataFile> dataFiles(ManifestFile manifest, Map<Integer, PartitionSpec> specs) {
    return cache
        .get(
            manifest.path(),
            path -> new Entries(read(manifest, ManifestFiles.read(manifest, io, specs)), List.of()))
        .data();
  }

  List<DeleteFile> deleteFiles(ManifestFile manifest, Map<Integer, PartitionSpec> specs) {
    return cache
        .get(
            manifest.path(),
            path ->
                new Entries(
                    List.of(),
                    read(manifest, ManifestFiles.readDeleteManifest(manifest, io, specs))))
        .deletes();
  }

  private static <F extends ContentFile<F>> List<F> read(
      ManifestFile manifest, ManifestReader<F> reader) {
    List<F> files = new ArrayList<>();
    try (reader) {
      for (F file : reader) {
        files.add(file.copy());
      }
    } catch (IOException e) {
      throw StorageFailure.of("cannot read manifest " + manifest.path(), e);
    }
    return List.copyOf(files);
  }

  private record Entries(List<DataFile> data, List<DeleteFile> deletes) {
    int weight() {
      long bytes = 200;
      for (DataFile file : data) {
        bytes += weight(file);
      }
      for (DeleteFile file : deletes) {
        bytes += weight(file);
      }
      return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static long weight(ContentFile<?> file) {
      Map<Integer, ?> counts = file.valueCounts();
      Map<Integer, ?> bounds = file.lowerBounds();
      long columns = (counts == null ? 0L : counts.size()) + (bounds == null ? 0L : bounds.size());
      return BYTES_PER_FILE + 3L * BYTES_PER_METRIC * columns;
    }
  }
}
