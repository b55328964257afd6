package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What the audit trail is told of schemas, tables and views that a commit makes, changes or drops,
 * through whatever door it comes: one event for each, and for what is dropped with its schema one
 * with the schema. For one commit.
 */
final class DefinitionEvents {
  private final SpaceKey space;
  private final CommitNote note;
  private final List<AuditEvent> events = new ArrayList<>();

  DefinitionEvents(SpaceKey space, CommitNote note) {
    this.space = space;
    this.note = note;
  }

  /** The note with the events. */
  CommitNote noted() {
    List<AuditEvent> all = new ArrayList<>(note.audit());
    all.addAll(events);
    return new CommitNote(
        note.operation(),
        note.principal(),
        note.owner(),
        note.events(),
        all,
        note.statements(),
        note.steps());
  }

  void tables(List<TableWork> tables, Map<CollectionId, CommitPlan.Name> names) {
    for (TableWork table : tables) {
      CommitPlan.@Nullable Name name = names.get(table.entry().id());
      boolean replaced = table.changes().stream().anyMatch(TableChange.Replace.class::isInstance);
      boolean altered = table.changes().stream().anyMatch(DefinitionEvents::alters);
      if (table.created()) {
        add(EventType.TABLE_CREATED, name == null ? named(table.entry()) : name.ref().toString());
      } else if (replaced) {
        add(EventType.TABLE_CREATED, named(table.entry()), Map.of("replaced", "true"));
      } else if (altered || name != null) {
        renamed(EventType.TABLE_ALTERED, table.entry(), name);
      }
    }
  }

  private static boolean alters(TableChange change) {
    return switch (change) {
      case TableChange.AlterSchema ignored -> true;
      case TableChange.AlterSpec ignored -> true;
      case TableChange.AlterSortOrder ignored -> true;
      case TableChange.AlterProperties ignored -> true;
      case TableChange.Append ignored -> false;
      case TableChange.Rewrite ignored -> false;
      case TableChange.Replace ignored -> false;
    };
  }

  void views(List<CommitPlan.ViewWork> views, Map<CollectionId, CommitPlan.Name> names) {
    for (CommitPlan.ViewWork view : views) {
      CommitPlan.@Nullable Name name = names.get(view.entry().id());
      if (view.created()) {
        add(
            view.entry().isView() ? EventType.VIEW_CREATED : EventType.TABLE_CREATED,
            name == null ? named(view.entry()) : name.ref().toString());
      } else {
        renamed(EventType.VIEW_ALTERED, view.entry(), name);
      }
    }
  }

  /** A collection that gets another name and is not changed otherwise. */
  void renamed(LakeCollection entry, CommitPlan.Name to) {
    renamed(entry.isView() ? EventType.VIEW_ALTERED : EventType.TABLE_ALTERED, entry, to);
  }

  private void renamed(EventType type, LakeCollection entry, CommitPlan.@Nullable Name to) {
    add(type, named(entry), to == null ? Map.of() : Map.of("to", to.ref().toString()));
  }

  void schemas(
      Collection<SchemaChange> changes,
      Map<SchemaId, String> names,
      Collection<LakeCollection> dropped) {
    List<LakeCollection> alone = new ArrayList<>(dropped);
    for (SchemaChange change : changes) {
      switch (change) {
        case SchemaChange.Create create -> add(EventType.SCHEMA_CREATED, create.name().value());
        case SchemaChange.Rename rename -> add(EventType.SCHEMA_ALTERED, rename.name().value());
        case SchemaChange.Drop drop -> {
          List<String> with =
              dropped.stream()
                  .filter(held -> held.schema().equals(drop.id()))
                  .map(DefinitionEvents::named)
                  .sorted()
                  .toList();
          alone.removeIf(held -> held.schema().equals(drop.id()));
          add(
              EventType.SCHEMA_DROPPED,
              names.getOrDefault(drop.id(), drop.id().value()),
              with.isEmpty() ? Map.of() : Map.of("dropped", String.join(", ", with)));
        }
      }
    }
    for (LakeCollection held : alone) {
      add(held.isView() ? EventType.VIEW_DROPPED : EventType.TABLE_DROPPED, named(held));
    }
  }

  /** A table that begins with another one's version. */
  void registered(LakeCollection entry) {
    add(EventType.TABLE_CREATED, named(entry), Map.of("registered", entry.metadataLocation()));
  }

  /** Metadata that another engine built. */
  void table(LakeCollection entry, @Nullable TableMetadata base, TableMetadata metadata) {
    if (base == null) {
      add(EventType.TABLE_CREATED, named(entry));
    } else if (base.currentSchemaId() != metadata.currentSchemaId()
        || base.defaultSpecId() != metadata.defaultSpecId()
        || base.defaultSortOrderId() != metadata.defaultSortOrderId()
        || !base.properties().equals(metadata.properties())) {
      add(EventType.TABLE_ALTERED, named(entry));
    }
  }

  private static String named(LakeCollection entry) {
    return entry.ref().toString();
  }

  private void add(EventType type, String object) {
    add(type, object, Map.of());
  }

  private void add(EventType type, String object, Map<String, String> detail) {
    events.add(
        new AuditEvent(
            Optional.of(space.database()),
            note.principal(),
            Optional.of(space.tenant()),
            type,
            Optional.of(object),
            AuditOutcome.SUCCESS,
            AuditEvent.detail(detail)));
  }
}
