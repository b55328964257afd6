package dev.polder.lake.lineage;

import dev.polder.metastore.lineage.RewriteStore.Replacement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.MetadataColumns;
import org.jspecify.annotations.Nullable;

/**
 * Writes manifests and manifest lists again so that they name a table's own files alone, and has
 * those files made. What names nothing foreign stays as it is. One owner.
 */
final class ManifestRewriter {
  private static final String LIST = "-list.avro";
  private static final String MANIFEST = "-m.avro";
  private static final int DELETED = 2;
  private static final int POSITION_DELETES = 1;
  private static final int PATH_FIELD = MetadataColumns.DELETE_FILE_PATH.fieldId();

  private final OwnFiles files;
  private final DeleteRewriter deletes;
  private final Map<String, Optional<Replacement>> manifests = new HashMap<>();
  private final Map<String, Optional<Replacement>> lists = new HashMap<>();

  ManifestRewriter(OwnFiles files) {
    this.files = files;
    this.deletes = new DeleteRewriter(files);
  }

  /** The list that takes another one's place; the same one if it names the table's own alone. */
  String list(String path) {
    return lists.computeIfAbsent(path, this::rewriteList).map(Replacement::path).orElse(path);
  }

  private Optional<Replacement> rewriteList(String path) {
    Optional<Replacement> present = files.present(path, "metadata", LIST);
    if (present.isPresent()) {
      return present;
    }
    AvroCopy list = AvroCopy.read(files.io(), path);
    boolean changed = !files.owns(path);
    for (GenericRecord entry : list.records()) {
      Optional<Replacement> manifest =
          manifests.computeIfAbsent(text(entry, "manifest_path"), this::rewriteManifest);
      if (manifest.isPresent()) {
        entry.put("manifest_path", manifest.get().path());
        entry.put("manifest_length", manifest.get().bytes());
        changed = true;
      }
    }
    return changed ? Optional.of(write(list, path, LIST)) : Optional.empty();
  }

  private Optional<Replacement> rewriteManifest(String path) {
    Optional<Replacement> present = files.present(path, "metadata", MANIFEST);
    if (present.isPresent()) {
      return present;
    }
    AvroCopy manifest = AvroCopy.read(files.io(), path);
    boolean changed = !files.owns(path);
    for (GenericRecord entry : manifest.records()) {
      boolean gone = ((Number) entry.get("status")).intValue() == DELETED;
      changed |= rewrite((GenericRecord) entry.get("data_file"), gone);
    }
    return changed ? Optional.of(write(manifest, path, MANIFEST)) : Optional.empty();
  }

  private Replacement write(AvroCopy file, String path, String suffix) {
    String target = files.place(path, "metadata", suffix);
    file.write(files.io(), target);
    return files.replaced(path, target);
  }

  /** What is gone is only remembered: its file is not needed and may not be there. */
  private boolean rewrite(GenericRecord file, boolean gone) {
    String path = text(file, "file_path");
    Object content = optional(file, "content");
    boolean positions = content != null && ((Number) content).intValue() == POSITION_DELETES;
    if (gone || !positions) {
      String target =
          gone
              ? files.target(path)
              : files.copy(path, ((Number) file.get("file_size_in_bytes")).longValue());
      file.put("file_path", target);
      boolean refers = refer(file);
      return refers || !target.equals(path);
    }
    Object referenced = optional(file, "referenced_data_file");
    if (referenced != null && files.owns(referenced.toString()) && files.owns(path)) {
      return false;
    }
    String format = text(file, "file_format").toUpperCase(Locale.ROOT);
    if (format.equals("PUFFIN")) {
      vector(file, path);
    } else {
      positions(file, deletes.positions(path, format));
    }
    refer(file);
    return true;
  }

  private boolean refer(GenericRecord file) {
    Object referenced = optional(file, "referenced_data_file");
    if (referenced == null || files.owns(referenced.toString())) {
      return false;
    }
    file.put("referenced_data_file", files.target(referenced.toString()));
    return true;
  }

  private void vector(GenericRecord file, String path) {
    DeleteRewriter.Vectors vectors = deletes.vectors(path);
    Object offset = file.get("content_offset");
    DeleteRewriter.Place place = vectors.places().get(((Number) offset).longValue());
    if (place == null) {
      throw new IllegalStateException(path + " has no vector at " + offset);
    }
    file.put("file_path", vectors.file().path());
    file.put("file_size_in_bytes", vectors.file().bytes());
    file.put("content_offset", place.offset());
    file.put("content_size_in_bytes", place.length());
  }

  private void positions(GenericRecord file, DeleteRewriter.Positions positions) {
    file.put("file_path", positions.file().path());
    file.put("file_size_in_bytes", positions.file().bytes());
    file.put("file_format", "PARQUET");
    if (file.getSchema().getField("split_offsets") != null) {
      file.put("split_offsets", null);
    }
    bound(file, "lower_bounds", positions.only());
    bound(file, "upper_bounds", positions.only());
  }

  /** Bounds on names hold for the old ones; without any the deletes are looked at for all files. */
  private static void bound(GenericRecord file, String field, Optional<String> only) {
    Object bounds = optional(file, field);
    if (!(bounds instanceof List<?> entries)) {
      return;
    }
    List<Object> kept = new ArrayList<>();
    for (Object entry : entries) {
      GenericRecord bound = (GenericRecord) entry;
      if (((Number) bound.get("key")).intValue() != PATH_FIELD) {
        kept.add(bound);
      } else if (only.isPresent()) {
        bound.put("value", ByteBuffer.wrap(only.get().getBytes(StandardCharsets.UTF_8)));
        kept.add(bound);
      }
    }
    file.put(field, kept);
  }

  private static String text(GenericRecord entry, String field) {
    return entry.get(field).toString();
  }

  private static @Nullable Object optional(GenericRecord entry, String field) {
    return entry.getSchema().getField(field) == null ? null : entry.get(field);
  }
}
