package dev.polder.lake.commit;

import dev.polder.lake.CommitNote;
import dev.polder.lake.Committed;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lands several transactions' appends to one table in one metastore transaction. Those that the
 * commit log describes alike share one snapshot, version and commit number; the others build on
 * each other. One owner, used once.
 */
final class GroupAppend {
  private final Committer committer;
  private final List<Pending<TableWork, Committed>> waiting;
  private final CommitPlace place;

  GroupAppend(Committer committer, List<Pending<TableWork, Committed>> waiting, CommitPlace place) {
    this.committer = committer;
    this.place = place;
    this.waiting = new ArrayList<>(waiting);
  }

  void run() {
    if (waiting.isEmpty()) {
      return;
    }
    Garbage garbage = garbage();
    waiting.forEach(append -> garbage.watch(append.work()));
    try {
      place.comeBack();
      for (int attempt = 0; attempt < committer.attempts(); attempt++) {
        int before = waiting.size();
        if (land(garbage)) {
          return;
        }
        if (waiting.size() < before) {
          attempt = 0;
        }
      }
      throw Conflict.of("the table changed under it " + committer.attempts() + " times in a row");
    } catch (RuntimeException e) {
      if (e instanceof PolderException known) {
        garbage.condemnAfter(known);
        if (known.code() == ErrorCode.STORAGE_QUOTA_EXCEEDED && waiting.size() > 1) {
          // Some of them may fit.
          waiting.forEach(append -> new GroupAppend(committer, List.of(append), place).run());
          return;
        }
      }
      waiting.forEach(append -> append.fail(e));
    }
  }

  private Garbage garbage() {
    return new Garbage(committer.metastore(), waiting.getFirst().space());
  }

  private boolean land(Garbage garbage) {
    CollectionId id = waiting.getFirst().work().entry().id();
    CollectionEntry start = committer.current(List.of(id)).get(id);
    waiting.removeIf(append -> !possible(append, start));
    if (waiting.isEmpty() || start == null) {
      garbage.condemn();
      return true;
    }
    CollectionEntry current = start;
    List<Batch> batches = new ArrayList<>();
    for (List<Pending<TableWork, Committed>> alike : alike()) {
      PreparedTable table = prepare(alike, current, garbage);
      CommitRequest.Builder request = Committer.request(alike.getFirst().space(), note(alike));
      committer.add(request, table, null, new ArrayList<>(), alike.getFirst().note());
      String location = Objects.requireNonNull(table.written().metadataFileLocation());
      batches.add(new Batch(alike, request.build(), location));
      current = moved(current, location);
    }
    committer.warehouse().sync();
    List<CommitOutcome> outcomes =
        committer.publisher().publish(batches.stream().map(Batch::request).toList(), place);
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof CommitOutcome.Committed committed) {
        garbage.keep(Committer.paths(batches.get(i).request()));
        batches.get(i).succeed(committed);
        waiting.removeAll(batches.get(i).appends());
      }
    }
    if (waiting.isEmpty()) {
      garbage.condemn();
    }
    return waiting.isEmpty();
  }

  /** Lets an append that cannot land fail by itself. */
  private boolean possible(
      Pending<TableWork, Committed> append, @Nullable CollectionEntry current) {
    try {
      committer.verifyAppend(append.work(), current);
      return true;
    } catch (PolderException e) {
      append.fail(e);
      return false;
    } catch (RuntimeException e) {
      append.fail(StorageFailure.of("cannot write table " + append.work().entry().ref(), e));
      return false;
    }
  }

  private PreparedTable prepare(
      List<Pending<TableWork, Committed>> appends, CollectionEntry current, Garbage garbage) {
    TableWork first = appends.getFirst().work();
    if (appends.size() == 1) {
      return committer.prepare(first, current, List.of(), IsolationLevel.SNAPSHOT, garbage);
    }
    List<DataFileSpec> files =
        appends.stream()
            .flatMap(append -> append.work().changes().stream())
            .flatMap(change -> change.added().stream())
            .toList();
    return committer.prepareTogether(first.entry(), current, files, garbage);
  }

  private List<List<Pending<TableWork, Committed>>> alike() {
    Map<Description, List<Pending<TableWork, Committed>>> alike = new LinkedHashMap<>();
    for (Pending<TableWork, Committed> append : waiting) {
      Description description =
          new Description(append.note().operation(), append.note().principal());
      alike.computeIfAbsent(description, ignored -> new ArrayList<>()).add(append);
    }
    return List.copyOf(alike.values());
  }

  private static CommitNote note(List<Pending<TableWork, Committed>> appends) {
    CommitNote first = appends.getFirst().note();
    return new CommitNote(
        first.operation(),
        first.principal(),
        first.owner(),
        appends.stream().flatMap(append -> append.note().events().stream()).toList(),
        appends.stream().flatMap(append -> append.note().audit().stream()).toList(),
        appends.stream().flatMap(append -> append.note().statements().stream()).toList(),
        appends.stream().flatMap(append -> append.note().steps().stream()).toList());
  }

  private static CollectionEntry moved(CollectionEntry entry, String metadataLocation) {
    return new CollectionEntry(
        entry.id(),
        entry.schema(),
        entry.space(),
        entry.ref(),
        entry.kind(),
        entry.icebergUuid(),
        entry.location(),
        metadataLocation,
        entry.versionSeq(),
        entry.owner(),
        entry.createdSeq(),
        entry.droppedSeq());
  }

  /** What the commit log says of a commit. */
  private record Description(String operation, Optional<PrincipalName> principal) {}

  /** Appends that share a commit. */
  private record Batch(
      List<Pending<TableWork, Committed>> appends, CommitRequest request, String metadataLocation) {
    void succeed(CommitOutcome.Committed outcome) {
      for (Pending<TableWork, Committed> append : appends) {
        LakeCollection changed = Committer.at(append.work().entry(), null, metadataLocation);
        append.succeed(Committer.committed(outcome, List.of(changed)));
      }
    }
  }
}
