package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.mirror.LocalMirrorStore;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.metastore.mirror.StagedCommit;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a mirror of another server's database does with staged commits when it is promoted. */
class StagedCommitTest extends Contract {
  @Test
  void staged_commits_become_the_mirrors_own_in_order() {
    Mirror copy = mirror();
    stage(copy, "a", made("first", 10));
    stage(copy, "b", made("second", 20));
    LocalMirrorStore.Promoted promoted = promote(copy, Optional.empty());
    assertThat(promoted.takenOver()).isEqualTo(2);
    assertThat(tables(copy)).containsExactlyInAnyOrder("first", "second");
    assertThat(bytes(copy)).isEqualTo(30);
  }

  @Test
  void what_a_source_that_answers_has_given_up_is_left_out() {
    Mirror copy = mirror();
    stage(copy, "a", made("first", 10));
    stage(copy, "b", made("second", 20));
    assertThat(promote(copy, Optional.of(Set.of("b"))).takenOver()).isOne();
    assertThat(tables(copy)).containsExactly("second");
  }

  @Test
  void what_does_not_fit_on_what_the_mirror_holds_is_left_out() {
    Mirror copy = mirror();
    var table = table(main(), "orders");
    commit(table);
    DatabaseCommit creation = newest();
    commit(update(table, table.metadataLocation(), "1"));
    stage(copy, "late", newest(), Map.of(table.id().value(), "own:elsewhere"));
    stage(copy, "a", creation);
    assertThat(promote(copy, Optional.empty()).takenOver()).isOne();
    assertThat(tables(copy)).containsExactly("orders");
  }

  /** Clients may have been told of them: to leave them out would lose what was acknowledged. */
  @Test
  void a_promotion_that_would_exceed_the_storage_is_refused_whole_until_it_fits() {
    Mirror copy = mirror();
    stage(copy, "a", made("first", 60));
    stage(copy, "b", made("second", 60));
    limit(copy, 100);
    assertThatThrownBy(() -> promote(copy, Optional.empty()))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_QUOTA_EXCEEDED))
        .hasMessageContaining("max_storage_bytes = 100")
        .hasMessageContaining("ALTER DATABASE … SET QUOTA")
        .hasMessageContaining("nothing was changed");
    assertThat(tables(copy)).isEmpty();
    assertThat(bytes(copy)).isZero();
    Mirror after = metastore.read(tx -> tx.mirrors().get(copy.database()));
    assertThat(after.state()).isEqualTo(MirrorState.FOLLOWING);
    assertThat(after.epoch()).isEqualTo(copy.epoch());
    assertThat(metastore.<List<String>>read(tx -> tx.staged().offers(copy.database())))
        .containsExactlyInAnyOrder("a", "b");
    CommitRequest write =
        CommitRequest.builder(space(copy), "w").change(table(main(), "own")).build();
    assertCode(ErrorCode.MIRROR_READ_ONLY, () -> metastore.write(tx -> tx.commits().commit(write)));
    limit(copy, 120);
    assertThat(promote(copy, Optional.empty()).takenOver()).isEqualTo(2);
    assertThat(tables(copy)).containsExactlyInAnyOrder("first", "second");
    assertThat(bytes(copy)).isEqualTo(120);
  }

  @Test
  void a_full_mirror_without_staged_commits_is_promoted_whatever_its_quota() {
    made("first", 60);
    Mirror copy = mirror();
    limit(copy, 10);
    assertThat(promote(copy, Optional.empty()).was().state()).isEqualTo(MirrorState.FOLLOWING);
    assertThat(tables(copy)).containsExactly("first");
  }

  /** A mirror that holds the newest state of the source. */
  private Mirror mirror() {
    return metastore.write(tx -> {
      Database source = tx.databases().get(DatabaseId.DEFAULT);
      ClusterName cluster = new ClusterName("us");
      tx.clusters().create(cluster, "https://us", Secret.of("sealed"), Optional.empty());
      DatabaseId made =
          tx.databases().create(new DatabaseName("copy"), DatabaseKind.LAKE, Map.of()).id();
      tx.mirrors()
          .create(
              new Mirror(
                  made,
                  Optional.of(cluster),
                  Optional.empty(),
                  source.name(),
                  MirrorMode.SYNC,
                  5_000_000,
                  TimeoutAction.FAIL,
                  MirrorState.BOOTSTRAPPING,
                  "file:/w",
                  1,
                  -1,
                  -1,
                  tx.now(),
                  tx.now(),
                  0,
                  -1,
                  0,
                  0,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  tx.now()));
      DatabaseCommit whole = tx.changes().whole(source.id(), source.commitSeq());
      tx.takeovers().apply(made, whole, own(whole));
      tx.mirrors().advance(tx.mirrors().get(made), whole.seq(), whole.seq(), 0);
      return tx.mirrors().get(made);
    });
  }

  /** A commit of the source, as it would have been offered. */
  private DatabaseCommit made(String table, long bytes) {
    CollectionChange.Create create = table(main(), table);
    metastore.write(tx ->
        tx.commits()
            .commit(
                CommitRequest.builder(SPACE, "make")
                    .change(create)
                    .file(FileChange.added(create.id(), create.location() + "/f", bytes))
                    .build()));
    return newest();
  }

  private DatabaseCommit newest() {
    return metastore
        .read(tx ->
            tx.changes()
                .after(
                    DatabaseId.DEFAULT, tx.databases().get(DatabaseId.DEFAULT).commitSeq() - 1, 1))
        .getFirst();
  }

  private void stage(Mirror mirror, String offer, DatabaseCommit content) {
    Map<String, String> base = new HashMap<>();
    content.collections().forEach(state -> base.put(state.id().value(), ""));
    stage(mirror, offer, content, base);
  }

  private void stage(
      Mirror mirror, String offer, DatabaseCommit content, Map<String, String> base) {
    Map<String, OwnVersion> own = new HashMap<>();
    own(content).forEach((id, version) -> own.put(id.value(), version));
    assertThat(
            metastore.<Boolean>write(
                tx -> tx.staged().stage(mirror, new StagedCommit(offer, content, own, base))))
        .isTrue();
  }

  private LocalMirrorStore.Promoted promote(Mirror mirror, Optional<Set<String>> alive) {
    return metastore.write(tx ->
        tx.localMirrors().promote(mirror.database(), Optional.empty(), SPACE.tenant(), alive));
  }

  private void limit(Mirror mirror, long bytes) {
    metastore.write(
        tx -> tx.quotas().set(mirror.database(), Quota.of(QuotaField.MAX_STORAGE_BYTES, bytes)));
  }

  private static SpaceKey space(Mirror mirror) {
    return new SpaceKey(mirror.database(), SPACE.tenant());
  }

  private List<String> tables(Mirror mirror) {
    return metastore.read(tx ->
        List.of("first", "second", "orders").stream()
            .filter(
                name -> tx.collections().find(space(mirror), TableRef.of("main", name)).isPresent())
            .toList());
  }

  private long bytes(Mirror mirror) {
    return metastore.read(tx -> tx.storage().usage(mirror.database()).bytes());
  }
}
