package dev.polder.lake.commit;

import dev.polder.lake.Committed;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lands several transactions' appends to one table in one metastore transaction: each builds on the
 * one before and gets its own snapshot, version and commit number. One owner, used once.
 */
final class GroupAppend {
  private final Committer committer;
  private final List<PendingAppend> waiting;

  GroupAppend(Committer committer, List<PendingAppend> waiting) {
    this.committer = committer;
    this.waiting = new ArrayList<>(waiting);
  }

  void run() {
    if (waiting.isEmpty()) {
      return;
    }
    Garbage garbage = new Garbage(committer.metastore(), waiting.getFirst().space());
    try {
      for (int attempt = 0; attempt < committer.attempts(); attempt++) {
        if (land(garbage)) {
          garbage.keepLast();
          garbage.condemn();
          return;
        }
        garbage.nextAttempt();
      }
      throw Conflict.of("the table changed under it " + committer.attempts() + " times in a row");
    } catch (RuntimeException e) {
      if (e instanceof PolderException known) {
        garbage.condemnAfter(known);
      }
      waiting.stream().filter(append -> !append.decided()).forEach(append -> append.fail(e));
    }
  }

  private boolean land(Garbage garbage) {
    CollectionId id = waiting.getFirst().work().entry().id();
    CollectionEntry current = committer.current(List.of(id)).get(id);
    List<Prepared> prepared = new ArrayList<>();
    for (PendingAppend append : List.copyOf(waiting)) {
      try {
        List<LakeCollection> changed = new ArrayList<>();
        PreparedTable table =
            committer.prepare(append.work(), current, List.of(), IsolationLevel.SNAPSHOT, garbage);
        CommitRequest.Builder request = Committer.request(append.space(), append.note());
        committer.add(request, table, null, changed, append.note());
        prepared.add(new Prepared(append, request.build(), changed));
        current = current == null ? null : moved(current, table.written().metadataFileLocation());
      } catch (PolderException e) {
        waiting.remove(append);
        append.fail(e);
      }
    }
    if (prepared.isEmpty()) {
      return true;
    }
    committer.warehouse().sync();
    List<CommitOutcome> outcomes =
        committer
            .metastore()
            .write(tx -> {
              List<CommitOutcome> done = new ArrayList<>();
              for (Prepared next : prepared) {
                CommitOutcome outcome = tx.commits().commit(next.request());
                done.add(outcome);
                if (outcome instanceof CommitOutcome.Conflict) {
                  break;
                }
              }
              return done;
            });
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof CommitOutcome.Committed committed) {
        Prepared landed = prepared.get(i);
        Committed result = Committer.committed(committed, landed.changed());
        landed.append().succeed(result);
        waiting.remove(landed.append());
      }
    }
    return waiting.isEmpty();
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

  private record Prepared(
      PendingAppend append, CommitRequest request, List<LakeCollection> changed) {}
}
