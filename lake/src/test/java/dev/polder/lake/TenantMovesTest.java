package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.Usage;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantMovesTest {
  @TempDir Path directory;
  private TestLake lake;
  private TestLake target;

  @BeforeEach
  void open() {
    lake = new TestLake(directory);
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "one"));
    target =
        lake.in(
            lake.metastore.write(tx ->
                new SpaceKey(
                    tx.databases()
                        .create(new DatabaseName("target"), DatabaseKind.LAKE, Map.of())
                        .id(),
                    TenantId.DEFAULT)));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void theTablesAndWhatTheyAreChargedGoAndNoFileIsCopied() {
    LakeCollection was = lake.find(T);
    Usage usage = lake.usage();
    move(lake.space, target.space);
    LakeCollection is = target.find(T);
    assertThat(is.uuid()).isEqualTo(was.uuid());
    assertThat(is.location()).isEqualTo(was.location());
    assertThat(is.metadataLocation()).isEqualTo(was.metadataLocation());
    assertThat(is.id()).isNotEqualTo(was.id());
    assertThat(target.usage()).isEqualTo(usage);
    assertThat(lake.usage()).isEqualTo(new Usage(0, 0));
    assertThat(lake.metastore.<Boolean>read(tx -> tx.spaces().exists(lake.space))).isFalse();
    target.append(T, row(2L, "two"));
    assertThat(ids(target)).containsExactlyInAnyOrder(1L, 2L);
    assertThat(target.usage().sharedFiles()).isZero();
  }

  @Test
  void whatTheSpaceWasIsTheHistoryOfWhatItIsAlsoAfterItCameBack() {
    long first = seq(lake);
    target.metastore.write(tx ->
        tx.commits()
            .next(target.space.database(), Optional.empty(), TenantId.DEFAULT, "unrelated"));
    move(lake.space, target.space);
    target.append(T, row(2L, "two"));
    long second = seq(target);
    move(target.space, lake.space);
    lake.append(T, row(3L, "three"));
    assertThat(ids(lake)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(idsAt(lake, first)).containsExactly(1L);
    move(lake.space, target.space);
    assertThat(ids(target)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(idsAt(target, second)).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void materializingTheTargetLeavesTheTablesThatMovedIn() {
    LakeCollection was = lake.find(T);
    move(lake.space, target.space);
    assertThat(
            lake.lake.materializer().run(target.space.database(), Optional.empty(), progress -> {}))
        .isFalse();
    assertThat(target.find(T).metadataLocation()).isEqualTo(was.metadataLocation());
    assertThat(ids(target)).containsExactly(1L);
  }

  @Test
  void nothingMovesIntoADatabaseThatWasDroppedMeanwhile() {
    TenantMove move = lake.beginMove(target.space);
    lake.metastore.write(tx -> {
      tx.databases().drop(target.space.database());
      return true;
    });
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> lake.cutOver(move));
    lake.undo(move, "it is gone");
    lake.append(T, row(2L, "two"));
    for (SpaceKey told : List.of(lake.space, target.space)) {
      assertThat(
              lake.metastore
                  .read(tx -> tx.audit().after(Optional.of(told.database()), 0, 9))
                  .getLast())
          .satisfies(record -> {
            assertThat(record.type()).isEqualTo("tenant_move_undone");
            assertThat(record.detail()).contains("preflight", "it is gone");
          });
    }
  }

  @Test
  void aTargetThatHoldsTablesOfTheTenantIsRefusedAndNothingChanges() {
    lake.metastore.write(tx -> tx.spaces().create(target.space));
    target.create(T, TableDefinition.of(TestLake.PEOPLE));
    refused(ErrorCode.PREFLIGHT_FAILED, () -> move(lake.space, target.space));
    assertThat(ids(lake)).containsExactly(1L);
    lake.append(T, row(2L, "two"));
  }

  @Test
  void anEmptySpaceAtTheTargetGivesWay() {
    lake.metastore.write(tx -> tx.spaces().create(target.space));
    move(lake.space, target.space);
    assertThat(ids(target)).containsExactly(1L);
  }

  @Test
  void aTenantThatIsInNeitherIsAnError() {
    SpaceKey stranger = new SpaceKey(lake.space.database(), new TenantId("stranger"));
    refused(
        ErrorCode.TENANT_NOT_FOUND,
        () -> move(stranger, new SpaceKey(target.space.database(), stranger.tenant())));
  }

  @Test
  void writesAreRefusedWhileTheSpaceIsDrainedAndTakenAgainAfterwards() {
    TenantMove move = lake.beginMove(target.space);
    refused(ErrorCode.TENANT_MOVING, () -> lake.append(T, row(2L, "two")));
    refused(ErrorCode.TENANT_MOVING, () -> lake.beginMove(target.space));
    assertThat(ids(lake)).containsExactly(1L);
    lake.undo(move, "it is gone");
    lake.append(T, row(2L, "two"));
    assertThat(ids(lake)).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aMoveWhoseJobHasEndedHoldsNothingUpAndCannotBeFinished() {
    TenantMove lost = lake.beginMove(target.space);
    lake.metastore.write(tx -> tx.jobs().fail(lost.job(), "test", "it was ended"));
    lake.append(T, row(2L, "two"));
    refused(ErrorCode.CUTOVER_FAILED, () -> lake.cutOver(lost));
    move(lake.space, target.space);
    assertThat(ids(target)).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void whatIsMissingInTheStoreIsNotMoved() throws IOException {
    TenantMove move = lake.beginMove(target.space);
    Files.delete(Path.of(URI.create(lake.find(T).metadataLocation()).getPath()));
    refused(ErrorCode.SNAPSHOT_FAILED, () -> lake.cutOver(move));
  }

  private void move(SpaceKey from, SpaceKey to) {
    lake.in(from).move(to);
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private static long seq(TestLake lake) {
    return lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).seq());
  }

  private static List<Long> ids(TestLake lake) {
    return lake.rows(T).stream().map(row -> (Long) row.getFirst()).toList();
  }

  private void strict() {
    lake.metastore.write(tx -> {
      tx.databases().setAuditDml(lake.space.database(), DmlAudit.ALL);
      tx.databases().setIdleTimeout(lake.space.database(), 60);
      return tx;
    });
  }

  @Test
  void aTargetWithoutOthersTakesOverTheStricterAuditAndIdleTimeout() {
    strict();
    move(lake.space, target.space);
    lake.metastore.read(tx -> {
      assertThat(tx.databases().get(target.space.database()).auditDml()).isEqualTo(DmlAudit.ALL);
      assertThat(tx.databases().idleTimeout(target.space.database())).isEqualTo(60);
      assertThat(
              tx.audit().after(Optional.of(target.space.database()), 0, 9).stream()
                  .map(AuditRecord::type))
          .containsExactly("audit_dml_changed", "idle_timeout_changed", "tenant_moved");
      return true;
    });
  }

  @Test
  void aTargetWithOthersMustAuditAsMuchAndTimeOutAsEarly() {
    strict();
    lake.metastore.write(tx -> {
      TenantId other = new TenantId("other");
      tx.tenants().create(other);
      return tx.spaces().create(new SpaceKey(target.space.database(), other));
    });
    assertThatThrownBy(() -> move(lake.space, target.space)).hasMessageContaining("AUDIT_DML");
    lake.metastore.write(tx -> {
      tx.databases().setAuditDml(target.space.database(), DmlAudit.ALL);
      return tx;
    });
    refused(ErrorCode.PREFLIGHT_FAILED, () -> move(lake.space, target.space));
    assertThatThrownBy(() -> move(lake.space, target.space))
        .hasMessageContaining("IDLE_TIMEOUT 60");
    lake.metastore.write(tx -> {
      tx.databases().setIdleTimeout(target.space.database(), 30);
      return tx;
    });
    move(lake.space, target.space);
    assertThat(lake.metastore.<Long>read(tx -> tx.databases().idleTimeout(target.space.database())))
        .isEqualTo(30);
  }

  private static List<Long> idsAt(TestLake lake, long seq) {
    LakeCollection table =
        lake.metastore
            .read(tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtSeq(seq)).find(T))
            .orElseThrow();
    return lake.rows(lake.lake.load(table), LakeFilter.ALL).stream()
        .map(row -> (Long) row.getFirst())
        .toList();
  }
}
