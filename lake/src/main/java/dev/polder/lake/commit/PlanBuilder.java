package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.SchemaChange;
import dev.polder.model.CollectionId;
import dev.polder.model.SchemaId;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sums a journal up: at most one change for each collection and schema. Used once. */
final class PlanBuilder {
  private final SpaceKey space;
  private final long seq;
  private final IsolationLevel isolation;
  private final CommitNote note;
  private final List<Step> journal;
  private final Map<CollectionId, TableWork> work;
  private final List<CommitPlan.Read> reads;

  private final Map<CollectionId, CommitPlan.ViewWork> views = new LinkedHashMap<>();
  private final Map<CollectionId, CommitPlan.Name> names = new HashMap<>();
  private final Map<CollectionId, LakeCollection> dropped = new LinkedHashMap<>();
  private final Map<SchemaId, SchemaChange> schemas = new LinkedHashMap<>();
  private final Map<CollectionId, LakeCollection> renamed = new HashMap<>();
  private final Map<SchemaId, String> schemaNames = new HashMap<>();

  PlanBuilder(
      SpaceKey space,
      long seq,
      IsolationLevel isolation,
      CommitNote note,
      List<Step> journal,
      Map<CollectionId, TableWork> work,
      List<CommitPlan.Read> reads) {
    this.space = space;
    this.seq = seq;
    this.isolation = isolation;
    this.note = note;
    this.journal = journal;
    this.work = work;
    this.reads = reads;
  }

  CommitPlan build() {
    journal.forEach(this::add);
    List<TableWork> tables =
        work.values().stream()
            .filter(table -> !dropped.containsKey(table.entry().id()))
            .filter(table -> table.created() || !table.changes().isEmpty())
            .toList();
    List<CollectionChange> others = new ArrayList<>();
    for (LakeCollection collection : dropped.values()) {
      if (!collection.metadataLocation().isEmpty()) {
        others.add(new CollectionChange.Drop(collection.id()));
      }
    }
    names.forEach((id, name) -> {
      boolean carried =
          dropped.containsKey(id)
              || views.containsKey(id)
              || tables.stream().anyMatch(table -> table.entry().id().equals(id));
      if (!carried) {
        others.add(new CollectionChange.Rename(id, name.schema(), name.ref().name()));
      }
    });
    List<CommitPlan.ViewWork> keptViews =
        views.values().stream().filter(view -> !dropped.containsKey(view.entry().id())).toList();
    return new CommitPlan(
        space,
        seq,
        isolation,
        noted(tables, keptViews, others),
        tables,
        keptViews,
        names,
        List.copyOf(schemas.values()),
        others,
        reads);
  }

  private CommitNote noted(
      List<TableWork> tables, List<CommitPlan.ViewWork> views, List<CollectionChange> others) {
    DefinitionEvents events = new DefinitionEvents(space, note);
    events.tables(tables, names);
    events.views(views, names);
    for (CollectionChange change : others) {
      if (change instanceof CollectionChange.Rename rename) {
        events.renamed(
            Objects.requireNonNull(renamed.get(rename.id())),
            Objects.requireNonNull(names.get(rename.id())));
      }
    }
    events.schemas(
        schemas.values(),
        schemaNames,
        dropped.values().stream().filter(held -> !held.metadataLocation().isEmpty()).toList());
    return events.noted();
  }

  private void add(Step step) {
    switch (step) {
      case Step.Change ignored -> {}
      case Step.CreateTable ignored -> {}
      case Step.CreateView create ->
          views.put(
              create.view().id(), new CommitPlan.ViewWork(create.view(), true, create.metadata()));
      case Step.ReplaceView replace -> {
        CommitPlan.ViewWork earlier = views.get(replace.view().id());
        views.put(
            replace.view().id(),
            new CommitPlan.ViewWork(
                earlier == null ? replace.view() : earlier.entry(),
                earlier != null && earlier.created(),
                replace.metadata()));
      }
      case Step.Drop drop -> dropped.put(drop.collection().id(), drop.collection());
      case Step.Rename rename -> {
        renamed.putIfAbsent(rename.collection().id(), rename.collection());
        names.put(rename.collection().id(), new CommitPlan.Name(rename.schema(), rename.to()));
      }
      case Step.CreateSchema create ->
          schemas.put(
              create.id(),
              new SchemaChange.Create(create.id(), create.name(), create.properties()));
      case Step.DropSchema drop -> {
        schemaNames.put(drop.id(), drop.name().value());
        if (schemas.remove(drop.id()) == null) {
          schemas.put(drop.id(), new SchemaChange.Drop(drop.id()));
        }
      }
    }
  }
}
