package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.UpdateCommits.Updated;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lands what several clients ask of one table in one metastore transaction: a version and a commit
 * for each of them, which builds on the one before. One owner, used once.
 */
final class GroupUpdate {
  private final UpdateCommits commits;
  private final Committer committer;
  private final List<Pending<UpdateWork, Updated>> waiting;
  private final CommitPlace place;
  private int together = Integer.MAX_VALUE;

  GroupUpdate(
      UpdateCommits commits,
      Committer committer,
      List<Pending<UpdateWork, Updated>> waiting,
      CommitPlace place) {
    this.commits = commits;
    this.committer = committer;
    this.waiting = new ArrayList<>(waiting);
    this.place = place;
  }

  /** One that is built but not committed. */
  private record Built(
      Pending<UpdateWork, Updated> pending,
      CommitRequest request,
      Updated updated,
      Garbage garbage) {
    void succeed(CommitOutcome.Committed committed) {
      pending.succeed(updated.as(committed));
    }
  }

  void run() {
    try {
      for (int attempt = 0; attempt < committer.attempts() && !waiting.isEmpty(); attempt++) {
        int before = waiting.size();
        place.comeBack();
        land();
        if (waiting.size() < before) {
          attempt = 0;
        }
      }
      PolderException changed =
          Conflict.of("the table changed " + committer.attempts() + " times in a row");
      waiting.forEach(pending -> pending.fail(changed));
    } catch (RuntimeException e) {
      waiting.forEach(pending -> pending.fail(e));
    }
  }

  private void land() {
    List<Built> built = build();
    if (built.isEmpty()) {
      return;
    }
    try {
      committer.warehouse().sync();
      List<CommitOutcome> outcomes =
          committer.publisher().publish(built.stream().map(Built::request).toList(), place);
      if (outcomes.size() < built.size() && outcomes.getLast() instanceof CommitOutcome.Committed) {
        together = 1; // A mirror stages each of them by itself.
      }
      for (int i = 0; i < built.size(); i++) {
        if (i < outcomes.size() && outcomes.get(i) instanceof CommitOutcome.Committed committed) {
          built.get(i).succeed(committed);
          waiting.remove(built.get(i).pending());
        } else {
          built.get(i).garbage().condemn();
        }
      }
    } catch (PolderException e) {
      built.forEach(one -> one.garbage().condemnAfter(e));
      if (waiting.size() == 1 || Garbage.mayHaveLanded(e)) {
        throw e;
      }
      // Nothing was committed, because of one of them.
      List<Pending<UpdateWork, Updated>> each = List.copyOf(waiting);
      waiting.clear();
      each.forEach(pending -> new GroupUpdate(commits, committer, List.of(pending), place).run());
    }
  }

  /** Builds each on the one before; one that cannot be fails by itself. */
  private List<Built> build() {
    CollectionId id = waiting.getFirst().work().update().table().id();
    Map<CollectionId, LakeCollection> current = commits.current(List.of(id));
    List<Built> built = new ArrayList<>();
    int count = Math.min(together, waiting.size());
    for (Pending<UpdateWork, Updated> pending : List.copyOf(waiting.subList(0, count))) {
      Garbage garbage = new Garbage(committer.metastore(), pending.space());
      try {
        List<Updated> done = new ArrayList<>();
        CommitRequest request =
            commits.build(
                pending.space(),
                List.of(pending.work().update()),
                current,
                pending.work().check(),
                pending.note(),
                garbage,
                done);
        Updated updated = done.getFirst();
        built.add(new Built(pending, request, updated, garbage));
        current = Map.of(id, updated.table());
      } catch (PolderException e) {
        garbage.condemnAfter(e);
        decide(pending, e);
      } catch (RuntimeException e) {
        decide(pending, e);
      }
    }
    return built;
  }

  private void decide(Pending<UpdateWork, Updated> pending, RuntimeException e) {
    pending.fail(e);
    waiting.remove(pending);
  }
}
