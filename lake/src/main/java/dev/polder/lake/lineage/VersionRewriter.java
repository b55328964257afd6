package dev.polder.lake.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.commit.Views;
import dev.polder.lake.io.StorageFailure;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.util.JsonUtil;
import org.apache.iceberg.view.ViewMetadataParser;

/**
 * Writes the versions of one table or view again so that they reach its own files alone. Snapshots
 * that belong to the source's history, and to no version of its own, go. One owner.
 */
final class VersionRewriter {
  private final MetadataFiles metadata;
  private final OwnFiles files;
  private final ManifestRewriter manifests;
  private final UnaryOperator<String> owners;

  VersionRewriter(MetadataFiles metadata, OwnFiles files) {
    this(metadata, files, owner -> owner);
  }

  /**
   * @param owners who owns a view by what its metadata says
   */
  VersionRewriter(MetadataFiles metadata, OwnFiles files, UnaryOperator<String> owners) {
    this.owners = owners;
    this.metadata = metadata;
    this.files = files;
    this.manifests = new ManifestRewriter(files);
  }

  /** All versions of one collection. */
  void rewrite(List<LakeCollection> versions) {
    Set<Long> kept = new HashSet<>();
    for (LakeCollection version : versions) {
      if (version.isTable()) {
        kept.addAll(kept(metadata.table(version)));
      }
    }
    for (LakeCollection version : versions) {
      if (files.replacements().containsKey(version.metadataLocation())) {
        continue;
      }
      if (version.isTable()) {
        table(version, kept);
      } else if (!files.owns(version.metadataLocation())) {
        view(version);
      }
    }
  }

  private void view(LakeCollection version) {
    ObjectNode json = tree(ViewMetadataParser.toJson(metadata.view(version)));
    if (json.get("properties") instanceof ObjectNode properties && properties.has(Views.OWNER)) {
      properties.put(Views.OWNER, owners.apply(properties.get(Views.OWNER).asText()));
    }
    write(version, json.toString());
  }

  /** The snapshots of one version that do not belong to its history: the current one and refs'. */
  static Set<Long> kept(TableMetadata table) {
    Set<Long> kept = new HashSet<>();
    Snapshot current = table.currentSnapshot();
    if (current != null) {
      kept.add(current.snapshotId());
    }
    table.refs().values().forEach(ref -> kept.add(ref.snapshotId()));
    return kept;
  }

  private void table(LakeCollection version, Set<Long> kept) {
    ObjectNode json = tree(TableMetadataParser.toJson(metadata.table(version)));
    boolean changed = !files.owns(version.metadataLocation());
    changed |= retain(json, "snapshots", node -> kept.contains(id(node)));
    changed |= retain(json, "snapshot-log", node -> kept.contains(id(node)));
    changed |=
        retain(json, "metadata-log", node -> files.owns(node.path("metadata-file").asText()));
    for (String statistics : List.of("statistics", "partition-statistics")) {
      changed |=
          retain(json, statistics, node -> files.owns(node.path("statistics-path").asText()));
    }
    for (JsonNode snapshot : json.path("snapshots")) {
      JsonNode list = snapshot.get("manifest-list");
      if (list == null) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "table " + version.ref() + " has snapshots without manifest lists; compact it first");
      }
      String own = manifests.list(list.asText());
      changed |= !own.equals(list.asText());
      ((ObjectNode) snapshot).put("manifest-list", own);
    }
    if (changed) {
      // The versions before it are written again under other names.
      json.putArray("metadata-log");
      write(version, json.toString());
    }
  }

  private static long id(JsonNode node) {
    return node.path("snapshot-id").asLong();
  }

  private static boolean retain(ObjectNode json, String field, Predicate<JsonNode> wanted) {
    if (!(json.get(field) instanceof ArrayNode all)) {
      return false;
    }
    ArrayNode kept = all.arrayNode();
    all.forEach(node -> {
      if (wanted.test(node)) {
        kept.add(node);
      }
    });
    json.set(field, kept);
    return kept.size() != all.size();
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JsonUtil.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(LakeCollection version, String json) {
    String old = version.metadataLocation();
    String number = old.substring(old.lastIndexOf('/') + 1).replaceFirst("-.*", "");
    String start = "metadata/" + (number.matches("[0-9]+") ? number : "00000") + "-";
    if (files.present(old, start, ".metadata.json").isPresent()) {
      return; // The version before has it: only the name changed.
    }
    String target = files.place(old, start, ".metadata.json");
    try (OutputStream out = files.io().newOutputFile(target).create()) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot write " + target, e);
    }
    files.replaced(old, target);
  }
}
