package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.Committed;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.LakeSnapshot;
import dev.polder.lake.LakeTransaction;
import dev.polder.lake.Overwrite;
import dev.polder.lake.TableDefinition;
import dev.polder.lake.TableState;
import dev.polder.lake.ViewDefinition;
import dev.polder.lake.ViewState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.view.ViewMetadata;

/**
 * A transaction kept as a journal of its changes: what it sees is the snapshot with the journal
 * applied, a rollback to a mark shortens the journal, and a commit applies it to whatever is
 * current then. One owner, not thread-safe.
 */
public final class JournaledTransaction implements LakeTransaction {
  private final Committer committer;
  private final ScanPlanner planner;
  private final MetadataFiles files;
  private final TableDefaults defaults;
  private final IdSource ids;
  private final SpaceKey space;
  private final SpaceNames below;
  private final IsolationLevel isolation;
  private final List<Step> journal = new ArrayList<>();
  private final List<CommitPlan.Read> reads = new ArrayList<>();
  private final Map<CollectionId, TableWork> work = new LinkedHashMap<>();
  private boolean ended;

  public JournaledTransaction(
      Committer committer,
      ScanPlanner planner,
      MetadataFiles files,
      TableDefaults defaults,
      IdSource ids,
      SpaceKey space,
      SpaceNames below,
      IsolationLevel isolation) {
    this.committer = committer;
    this.planner = planner;
    this.files = files;
    this.defaults = defaults;
    this.ids = ids;
    this.space = space;
    this.below = below;
    this.isolation = isolation;
  }

  @Override
  public IsolationLevel isolation() {
    return isolation;
  }

  @Override
  public LakeSnapshot snapshot() {
    open();
    return new LakeSnapshot() {
      @Override
      public long seq() {
        return below.seq();
      }

      @Override
      public Optional<LakeCollection> find(TableRef ref) {
        return new NameOverlay(journal).find(ref, below);
      }

      @Override
      public List<LakeCollection> list() {
        return new NameOverlay(journal).over(below.list());
      }

      @Override
      public List<LakeSchema> schemas() {
        return new NameOverlay(journal).overSchemas(below.schemas());
      }
    };
  }

  @Override
  public TableState tableState(LakeCollection table) {
    open();
    TableWork changed = work.get(table.id());
    return changed == null
        ? TableState.of(table.id(), files.table(table), table.metadataLocation())
        : changed.state(committer.applier());
  }

  @Override
  public ViewState viewState(LakeCollection view) {
    open();
    ViewMetadata metadata = null;
    for (Step step : journal) {
      if (step instanceof Step.CreateView create && create.view().id().equals(view.id())) {
        metadata = create.metadata();
      } else if (step instanceof Step.ReplaceView replace
          && replace.view().id().equals(view.id())) {
        metadata = replace.metadata();
      }
    }
    return Views.state(view.id(), metadata == null ? files.view(view) : metadata);
  }

  @Override
  public ScanPlan plan(LakeCollection table, LakeFilter filter) {
    return planner.plan(tableState(table), filter);
  }

  @Override
  public void append(LakeCollection table, List<DataFileSpec> added) {
    change(table, new TableChange.Append(added));
  }

  @Override
  public void overwrite(LakeCollection table, Overwrite overwrite) {
    change(table, new TableChange.Rewrite(overwrite));
  }

  @Override
  public void updateSchema(LakeCollection table, Consumer<UpdateSchema> change) {
    define(table, new TableChange.AlterSchema(change));
  }

  @Override
  public void updateSpec(LakeCollection table, Consumer<UpdatePartitionSpec> change) {
    define(table, new TableChange.AlterSpec(change));
  }

  @Override
  public void updateSortOrder(LakeCollection table, Consumer<ReplaceSortOrder> change) {
    define(table, new TableChange.AlterSortOrder(change));
  }

  @Override
  public void updateProperties(LakeCollection table, Map<String, String> set, Set<String> removed) {
    define(table, new TableChange.AlterProperties(set, removed));
  }

  @Override
  public void replaceTable(LakeCollection table, TableDefinition definition) {
    define(table, new TableChange.Replace(definition));
  }

  private TableWork change(LakeCollection table, TableChange change) {
    open();
    if (!table.isTable()) {
      throw new PolderException(
          ErrorCode.WRONG_OBJECT_TYPE, table.ref() + " is a " + table.kind().word());
    }
    TableWork changed =
        work.computeIfAbsent(
            table.id(),
            ignored -> new TableWork(table, files.table(table), false, committer.warehouse().io()));
    changed.add(change);
    journal.add(new Step.Change(table.id(), change));
    return changed;
  }

  /** Definitions are tried at once, so that what is wrong with one shows at its statement. */
  private void define(LakeCollection table, TableChange change) {
    Mark mark = mark();
    TableWork changed = change(table, change);
    try {
      changed.state(committer.applier());
    } catch (RuntimeException e) {
      rollbackTo(mark);
      throw DefinitionFailure.of(table.ref(), e);
    }
  }

  @Override
  public LakeCollection createTable(TableRef ref, TableDefinition definition) {
    LakeCollection table = created(ref, CollectionKind.TABLE);
    try {
      Step.CreateTable step =
          new Step.CreateTable(table, defaults.create(definition, table.uuid(), table.location()));
      journal.add(step);
      work.put(table.id(), new TableWork(table, step.metadata(), true, committer.warehouse().io()));
    } catch (RuntimeException e) {
      throw DefinitionFailure.of(ref, e);
    }
    return table;
  }

  @Override
  public LakeCollection createView(TableRef ref, ViewDefinition definition) {
    LakeCollection view = created(ref, CollectionKind.VIEW);
    journal.add(new Step.CreateView(view, Views.create(definition, view.uuid(), view.location())));
    return view;
  }

  @Override
  public void replaceView(LakeCollection view, ViewDefinition definition) {
    ViewState state = viewState(view);
    journal.add(new Step.ReplaceView(view, Views.replace(state.metadata(), definition)));
  }

  private LakeCollection created(TableRef ref, CollectionKind kind) {
    open();
    SchemaId schema = schema(ref.schema());
    free(ref);
    UUID uuid = ids.next();
    return new LakeCollection(
        new CollectionId(ids.next().toString()),
        space,
        schema,
        ref,
        kind,
        uuid,
        committer.warehouse().location(space, uuid),
        "",
        below.seq());
  }

  private void free(TableRef ref) {
    if (snapshot().find(ref).isPresent()) {
      throw new PolderException(
          ErrorCode.COLLECTION_EXISTS, ref + " exists already; choose another name or drop it");
    }
  }

  private SchemaId schema(SchemaName name) {
    return new NameOverlay(journal)
        .schema(name, below)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.SCHEMA_NOT_FOUND, "schema '" + name + "' does not exist"));
  }

  @Override
  public void drop(LakeCollection collection) {
    open();
    journal.add(new Step.Drop(collection));
  }

  @Override
  public LakeCollection rename(LakeCollection collection, TableRef to) {
    open();
    SchemaId schema = schema(to.schema());
    if (!collection.ref().equals(to)) {
      free(to);
    }
    journal.add(new Step.Rename(collection, schema, to));
    return NameOverlay.renamed(collection, schema, to);
  }

  @Override
  public void createSchema(SchemaName name, Map<String, String> properties) {
    open();
    if (new NameOverlay(journal).schema(name, below).isPresent()) {
      throw new PolderException(ErrorCode.SCHEMA_EXISTS, "schema '" + name + "' exists already");
    }
    name.parent()
        .ifPresent(parent -> {
          if (new NameOverlay(journal).schema(parent, below).isEmpty()) {
            throw new PolderException(
                ErrorCode.SCHEMA_NOT_FOUND,
                "schema '"
                    + parent
                    + "' does not exist; dots nest schemas, so create it before '"
                    + name
                    + "'");
          }
        });
    journal.add(new Step.CreateSchema(new SchemaId(ids.next().toString()), name, properties));
  }

  @Override
  public void dropSchema(SchemaName name) {
    open();
    SchemaId id = schema(name);
    if (snapshot().list().stream().anyMatch(held -> held.ref().schema().equals(name))) {
      throw new PolderException(
          ErrorCode.SCHEMA_NOT_EMPTY,
          "schema '" + name + "' still has tables or views; drop them first");
    }
    snapshot().schemas().stream()
        .filter(schema -> schema.name().parent().filter(name::equals).isPresent())
        .findFirst()
        .ifPresent(nested -> {
          throw new PolderException(
              ErrorCode.SCHEMA_NOT_EMPTY,
              "schema '"
                  + name
                  + "' still has schema '"
                  + nested.name()
                  + "' in it; drop that first");
        });
    journal.add(new Step.DropSchema(id, name));
  }

  @Override
  public void recordRead(LakeCollection table, LakeFilter filter) {
    open();
    boolean created = work.containsKey(table.id()) && work.get(table.id()).created();
    if (isolation == IsolationLevel.SERIALIZABLE && table.isTable() && !created) {
      TableState before = TableState.of(table.id(), files.table(table), table.metadataLocation());
      reads.add(new CommitPlan.Read(table, before, List.of(filter)));
    }
  }

  @Override
  public Mark mark() {
    open();
    return new Mark(journal.size(), reads.size());
  }

  @Override
  public void rollbackTo(Mark mark) {
    open();
    while (journal.size() > mark.changes()) {
      journal.removeLast();
    }
    while (reads.size() > mark.reads()) {
      reads.removeLast();
    }
    Map<CollectionId, Integer> left = new HashMap<>();
    Set<CollectionId> created = new java.util.HashSet<>();
    for (Step step : journal) {
      if (step instanceof Step.Change change) {
        left.merge(change.id(), 1, Integer::sum);
      } else if (step instanceof Step.CreateTable create) {
        created.add(create.table().id());
      }
    }
    work.forEach((id, table) -> table.truncate(left.getOrDefault(id, 0)));
    work.values()
        .removeIf(table ->
            table.created() ? !created.contains(table.entry().id()) : table.changes().isEmpty());
  }

  @Override
  public boolean hasChanges() {
    return !journal.isEmpty();
  }

  @Override
  public Committed commit(CommitNote note) {
    open();
    ended = true;
    CommitPlan plan =
        new PlanBuilder(space, below.seq(), isolation, note, journal, work, reads).build();
    Committed committed =
        plan.isEmpty()
            ? new Committed(below.seq(), below.committedAt(), List.of())
            : committer.commit(plan);
    Garbage dropped = new Garbage(committer.metastore(), space);
    work.values().stream().filter(table -> !plan.tables().contains(table)).forEach(dropped::watch);
    dropped.condemn();
    return committed;
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      Garbage garbage = new Garbage(committer.metastore(), space);
      work.values().forEach(garbage::watch);
      garbage.condemn();
    }
  }

  private void open() {
    if (ended) {
      throw new PolderException(
          ErrorCode.NO_ACTIVE_TRANSACTION, "the transaction has ended; begin another one");
    }
  }
}
