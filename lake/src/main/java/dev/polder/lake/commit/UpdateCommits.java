package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.io.RecordingFileIO;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.view.ViewMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Commits what other engines ask for: their updates are applied to the tables as they are when it
 * is their turn, so that only a requirement that does not hold any more is a conflict. Any number
 * of tables, all in one commit. Thread-safe.
 */
public final class UpdateCommits {
  private final Committer committer;

  public UpdateCommits(Committer committer) {
    this.committer = committer;
  }

  /** A table's version after the commit. */
  public record Updated(LakeCollection table, TableMetadata metadata) {
    Updated as(CommitOutcome.Committed committed) {
      return new Updated(table.withSeq(committed.seq()), metadata);
    }
  }

  /**
   * Applies the updates, or none of them.
   *
   * @throws PolderException TRANSACTION_CONFLICT when a requirement does not hold,
   *     INVALID_PARAMETER when an update makes no sense for its table
   */
  public List<Updated> commit(
      SpaceKey space, List<RequestedUpdate> updates, UpdateCheck check, CommitNote note) {
    long start = System.nanoTime();
    List<Updated> done =
        updates.size() == 1 && !updates.getFirst().created()
            ? List.of(commitOne(space, updates.getFirst(), check, note))
            : commitAll(space, updates, check, note);
    committer.meters().committed(space.database(), System.nanoTime() - start);
    return done;
  }

  private Updated commitOne(
      SpaceKey space, RequestedUpdate update, UpdateCheck check, CommitNote note) {
    return committer.together(
        update.table().id(),
        TableQueues.TableQueue::updates,
        new Pending<>(space, new UpdateWork(update, check), note),
        (waiting, place) -> new GroupUpdate(this, committer, waiting, place).run());
  }

  private List<Updated> commitAll(
      SpaceKey space, List<RequestedUpdate> updates, UpdateCheck check, CommitNote note) {
    List<CollectionId> touched =
        updates.stream()
            .filter(update -> !update.created())
            .map(update -> update.table().id())
            .toList();
    Garbage garbage = new Garbage(committer.metastore(), space);
    try (TableQueues.Turn _ = committer.queues().acquire(touched);
        CommitPlace place = committer.place(space)) {
      for (int attempt = 0; attempt < committer.attempts(); attempt++) {
        List<Updated> done = new ArrayList<>();
        CommitRequest request = build(space, updates, current(touched), check, note, garbage, done);
        committer.warehouse().sync();
        switch (committer.publisher().publish(request, place)) {
          case CommitOutcome.Committed committed -> {
            return done.stream().map(each -> each.as(committed)).toList();
          }
          case CommitOutcome.Conflict ignored -> garbage.condemn();
        }
      }
      throw Conflict.of("the tables changed " + committer.attempts() + " times in a row");
    } catch (PolderException e) {
      garbage.condemnAfter(e);
      throw e;
    }
  }

  /** The tables as they are now, without those that are gone. */
  Map<CollectionId, LakeCollection> current(List<CollectionId> tables) {
    return committer.current(tables).values().stream()
        .filter(entry -> entry.droppedSeq().isEmpty())
        .map(LakeCollection::of)
        .collect(Collectors.toMap(LakeCollection::id, Function.identity()));
  }

  /**
   * Makes a table that begins with a version of another one of the space.
   *
   * @param table under its new name, at the version
   * @param origin the table that the version is of
   * @param ownFiles whether the new table takes the place of the origin, which is dropped
   * @param replaced a table that gives way in the same commit
   * @throws PolderException VERSION_NOT_FOUND, COLLECTION_EXISTS
   */
  public TableMetadata register(
      LakeCollection table,
      CollectionId origin,
      boolean ownFiles,
      Optional<LakeCollection> replaced,
      CommitNote note) {
    TableMetadata metadata = committer.metadata().table(table);
    ForeignFiles.Size size = committer.foreign(table).size(metadata);
    DefinitionEvents definitions = new DefinitionEvents(table.space(), note);
    definitions.registered(table);
    CommitRequest.Builder request = Committer.request(table.space(), definitions.noted());
    replaced.ifPresent(entry ->
        request.change(
            new CollectionChange.Drop(entry.id(), Optional.of(entry.metadataLocation()))));
    request.change(
        new CollectionChange.Create(
            table.id(),
            table.schema(),
            table.kind(),
            table.ref().name(),
            table.uuid().toString(),
            table.location(),
            table.metadataLocation(),
            note.owner(),
            Optional.of(
                new CollectionChange.Cut(
                    origin, table.seq(), size.bytes(), size.files(), ownFiles))));
    try (CommitPlace place = committer.place(table.space())) {
      return switch (committer.publisher().publish(request.build(), place)) {
        case CommitOutcome.Committed ignored -> metadata;
        case CommitOutcome.Conflict ignored ->
            throw Conflict.of("the table that gives way was changed");
      };
    }
  }

  /**
   * Commits metadata that another engine built on a version of the table.
   *
   * @param base null for a new table
   * @return empty when the table is no longer at the base
   */
  public Optional<TableMetadata> commitMetadata(
      LakeCollection entry, @Nullable TableMetadata base, TableMetadata metadata, CommitNote note) {
    Garbage garbage = new Garbage(committer.metastore(), entry.space());
    RecordingFileIO io = new RecordingFileIO(committer.warehouse().io());
    garbage.watch(entry.id(), io);
    try (TableQueues.Turn _ = committer.queues().acquire(List.of(entry.id()));
        CommitPlace place = committer.place(entry.space())) {
      String previous = base == null ? "" : base.metadataFileLocation();
      TableMetadata written = written(entry, metadata, previous, io);
      PreparedTable prepared = new PreparedTable(entry, base, written, List.of(), io);
      DefinitionEvents definitions = new DefinitionEvents(entry.space(), note);
      definitions.table(entry, base, written);
      CommitRequest.Builder request = Committer.request(entry.space(), definitions.noted());
      committer.add(request, prepared, null, new ArrayList<>(), note);
      committer.foreign(entry).changes(base, written).entries().forEach(request::file);
      committer.warehouse().sync();
      return switch (committer.publisher().publish(request.build(), place)) {
        case CommitOutcome.Committed ignored -> Optional.of(written);
        case CommitOutcome.Conflict ignored -> {
          garbage.condemn();
          yield Optional.empty();
        }
      };
    } catch (PolderException e) {
      garbage.condemnAfter(e);
      throw e;
    }
  }

  /** Commits a view's metadata; empty when the view is no longer at the version of the entry. */
  public Optional<ViewMetadata> commitView(
      LakeCollection entry, boolean create, ViewMetadata metadata, CommitNote note) {
    Garbage garbage = new Garbage(committer.metastore(), entry.space());
    try (CommitPlace place = committer.place(entry.space())) {
      CommitPlan.ViewWork view = new CommitPlan.ViewWork(entry, create, metadata);
      DefinitionEvents definitions = new DefinitionEvents(entry.space(), note);
      definitions.views(List.of(view), Map.of());
      CommitRequest.Builder request = Committer.request(entry.space(), definitions.noted());
      List<LakeCollection> changed = new ArrayList<>();
      committer.addView(request, view, null, changed, garbage, note);
      committer.warehouse().sync();
      return switch (committer.publisher().publish(request.build(), place)) {
        case CommitOutcome.Committed ignored ->
            Optional.of(committer.metadata().view(changed.getFirst()));
        case CommitOutcome.Conflict ignored -> {
          garbage.condemn();
          yield Optional.empty();
        }
      };
    } catch (PolderException e) {
      garbage.condemnAfter(e);
      throw e;
    }
  }

  private TableMetadata written(
      LakeCollection entry, TableMetadata built, String previous, RecordingFileIO io) {
    TableMetadata written =
        committer
            .metadata()
            .write(
                committer.defaults().enforce(built),
                committer.directory(entry, built.properties()),
                previous,
                io);
    committer.warehouse().written(io.written());
    return written;
  }

  /** Writes the versions and asks for their commit, which is not made yet. */
  CommitRequest build(
      SpaceKey space,
      List<RequestedUpdate> updates,
      Map<CollectionId, LakeCollection> current,
      UpdateCheck check,
      CommitNote note,
      Garbage garbage,
      List<Updated> done) {
    DefinitionEvents definitions = new DefinitionEvents(space, note);
    List<PreparedTable> tables = new ArrayList<>();
    Map<CollectionId, ForeignFiles.Changes> files = new HashMap<>();
    for (RequestedUpdate update : updates) {
      TableMetadata base = base(update, current.get(update.table().id()));
      TableMetadata built = apply(update, base);
      LakeCollection entry = update.created() ? identified(update.table(), built) : update.table();
      ForeignFiles.Changes changes = committer.foreign(entry).changes(base, built);
      check.check(entry, base, built, changes.difference());
      RecordingFileIO io = new RecordingFileIO(committer.warehouse().io());
      garbage.watch(entry.id(), io);
      TableMetadata written = built;
      if (!Committer.isSame(built, base)) {
        String previous = base == null ? "" : base.metadataFileLocation();
        written = written(entry, built, previous, io);
        definitions.table(entry, base, written);
      }
      files.put(entry.id(), changes);
      tables.add(new PreparedTable(entry, base, written, List.of(), io));
    }
    CommitRequest.Builder request = Committer.request(space, definitions.noted());
    for (PreparedTable table : tables) {
      List<LakeCollection> changed = new ArrayList<>();
      committer.add(request, table, null, changed, note);
      Objects.requireNonNull(files.get(table.entry().id())).entries().forEach(request::file);
      done.add(new Updated(changed.getFirst(), table.written()));
    }
    return request.build();
  }

  private @Nullable TableMetadata base(RequestedUpdate update, @Nullable LakeCollection current) {
    if (update.created()) {
      return null;
    }
    if (current == null) {
      throw new PolderException(
          ErrorCode.COLLECTION_NOT_FOUND,
          "Table does not exist: " + update.table().ref() + " (it was dropped meanwhile)");
    }
    return committer.metadata().table(current);
  }

  /** The version as its updates make it, which is the base itself where they change nothing. */
  private static TableMetadata apply(RequestedUpdate update, @Nullable TableMetadata base) {
    try {
      update.requirements().forEach(requirement -> requirement.validate(base));
    } catch (CommitFailedException e) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          e.getMessage() + " (table " + update.table().ref() + "; load it and try again)",
          e);
    } catch (ValidationException e) {
      throw invalid(update, String.valueOf(e.getMessage()), e);
    }
    try {
      TableMetadata.Builder builder =
          base == null ? fresh(update.updates()) : TableMetadata.buildFrom(base);
      update.updates().forEach(one -> one.applyTo(builder));
      TableMetadata built = builder.build();
      return base != null && built.changes().isEmpty() ? base : built;
    } catch (IllegalArgumentException
        | IllegalStateException
        | ValidationException
        | UnsupportedOperationException e) {
      throw refused(update, base, e);
    } catch (NullPointerException e) {
      // How Iceberg's builder says that an id is none of the table's.
      throw invalid(
          update,
          "the updates name what the table does not have, or leave out what a new table needs",
          e);
    }
  }

  private static TableMetadata.Builder fresh(List<MetadataUpdate> updates) {
    return updates.stream()
        .filter(MetadataUpdate.UpgradeFormatVersion.class::isInstance)
        .map(MetadataUpdate.UpgradeFormatVersion.class::cast)
        .findFirst()
        .map(upgrade -> TableMetadata.buildFromEmpty(upgrade.formatVersion()))
        .orElseGet(TableMetadata::buildFromEmpty);
  }

  /** What was right when it was asked for and is overtaken now may be asked for again. */
  private static PolderException refused(
      RequestedUpdate update, @Nullable TableMetadata base, RuntimeException e) {
    boolean overtaken =
        base != null
            && update.updates().stream()
                .filter(MetadataUpdate.AddSnapshot.class::isInstance)
                .map(one -> ((MetadataUpdate.AddSnapshot) one).snapshot())
                .anyMatch(snapshot -> snapshot.sequenceNumber() <= base.lastSequenceNumber());
    if (overtaken) {
      return new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          e.getMessage() + " (table " + update.table().ref() + "; load it and try again)",
          e);
    }
    return invalid(update, String.valueOf(e.getMessage()), e);
  }

  private static PolderException invalid(
      RequestedUpdate update, String message, RuntimeException e) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER, message + " (table " + update.table().ref() + ")", e);
  }

  /**
   * A new table goes by what its first version says; where that is external, what the server writes
   * goes to a directory of the warehouse all the same.
   */
  private LakeCollection identified(LakeCollection table, TableMetadata built) {
    UUID uuid = UUID.fromString(built.uuid());
    return new LakeCollection(
        table.id(),
        table.space(),
        table.schema(),
        table.ref(),
        table.kind(),
        uuid,
        committer.warehouse().isExternal(built.location())
            ? committer.warehouse().location(table.space(), uuid)
            : built.location(),
        "",
        table.seq());
  }
}
