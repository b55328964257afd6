package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.U;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.backup.BackupInfo;
import dev.polder.lake.backup.BackupPlaces;
import dev.polder.lake.backup.BackupProgress;
import dev.polder.lake.backup.Backups;
import dev.polder.lake.backup.RestoreReport;
import dev.polder.lake.backup.RestoreRequest;
import dev.polder.lake.backup.Restores;
import dev.polder.lake.catalog.SpaceCatalog;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.lineage.CloneRequest;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Policy;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.Lease;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaName;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for backups wherever the metastore, the files and the backups are. */
abstract class BackupContract {
  static final DatabaseName DB = new DatabaseName("db");
  static final BackupProgress.Listener SILENT = progress -> {};
  static final PrincipalName ADMIN = new PrincipalName("admin");
  private static final TableRef P = TableRef.of("main", "p");
  private static final TableRef V = TableRef.of("main", "v");
  private static final String PLACE = "nightly/one";

  @TempDir Path directory;
  TestLake lake;
  private BackupPlaces places;

  abstract TestLake openLake();

  /** Where backups may lie. */
  abstract BackupPlaces openPlaces();

  /** A name of a place as a statement says it. */
  abstract String uri(String name);

  @BeforeEach
  void open() {
    lake = openLake();
    places = openPlaces();
  }

  @AfterEach
  void close() {
    places.close();
    lake.close();
  }

  Path keyFile() {
    return directory.resolve("backup.key");
  }

  Backups backups() {
    return new Backups(
        lake.metastore, lake.lake.warehouse(), lake.lake.metadataFiles(), places, keyFile());
  }

  private Restores restores() {
    return new Restores(lake.metastore, lake.lake.warehouse(), lake.lake.ids(), places, keyFile());
  }

  BackupInfo backup(String name) {
    return backups().run(lake.space.database(), uri(name), ADMIN, SILENT);
  }

  private TestLake restore(String from, String name, boolean force) {
    restores().run(request(from, name, force), SILENT, (tx, backup, database) -> {});
    return in(name);
  }

  private RestoreRequest request(String from, String name, boolean force) {
    return new RestoreRequest(uri(from), new DatabaseName(name), force, ADMIN, TenantId.DEFAULT);
  }

  private TestLake in(String name) {
    Database found = lake.metastore.read(tx -> tx.databases().get(new DatabaseName(name)));
    return lake.in(new SpaceKey(found.id(), TenantId.DEFAULT));
  }

  private void create(TableRef ref, int version) {
    lake.create(
        ref,
        new TableDefinition(
            TestLake.PEOPLE,
            PartitionSpec.unpartitioned(),
            SortOrder.unsorted(),
            Map.of(),
            version));
  }

  private static List<Long> ids(TestLake in, TableRef ref) {
    return in.rows(ref).stream().map(row -> (Long) row.getFirst()).sorted().toList();
  }

  private static void assertOwn(TestLake in, TableRef ref) {
    LakeCollection table = in.find(ref);
    assertThat(Reach.of(in, table)).allMatch(path -> path.startsWith(table.location() + "/"));
  }

  @Test
  void tablesOfAllShapesComeBackAsTheyWere() throws IOException {
    create(T, 3);
    lake.append(T, row(1L, "a"), row(2L, "b"), row(3L, "c"));
    lake.delete(T, 1);
    create(U, 2);
    lake.append(U, row(1L, "a"), row(2L, "b"), row(3L, "c"));
    lake.delete(U, 0);
    deleteByName(U, "c");
    lake.create(
        P,
        new TableDefinition(
            TestLake.PEOPLE,
            PartitionSpec.builderFor(TestLake.PEOPLE).identity("name").build(),
            SortOrder.unsorted(),
            Map.of(),
            2));
    lake.inTransaction(tx -> {
      LakeCollection table = lake.find(tx, P);
      tx.append(table, List.of(lake.write(tx.tableState(table), List.of("x"), row(7L, "x"))));
    });
    lake.inTransaction(
        tx -> tx.updateSchema(lake.find(tx, P), change -> change.renameColumn("id", "number")));
    lake.inTransaction(tx ->
        tx.createView(
            V,
            new ViewDefinition(
                "SELECT id FROM t",
                TestLake.PEOPLE.select("id"),
                SchemaName.MAIN,
                "admin",
                Map.of())));
    BackupInfo info = backup(PLACE);
    assertThat(info.tables()).isEqualTo(3);
    assertThat(info.views()).isEqualTo(1);
    lake.metastore.write(tx -> {
      tx.databases().drop(lake.space.database());
      return true;
    });
    TestLake restored = restore(PLACE, "db", false);
    assertThat(restored.space).isNotEqualTo(lake.space);
    assertThat(ids(restored, T)).containsExactly(1L, 3L);
    assertThat(ids(restored, U)).containsExactly(2L);
    assertThat(ids(restored, P)).containsExactly(7L);
    assertThat(lake.lake.load(restored.find(P)).schema().columns().getFirst().name())
        .isEqualTo("number");
    assertThat(lake.lake.loadView(restored.find(V)).sql()).isEqualTo("SELECT id FROM t");
    for (TableRef ref : List.of(T, U, P, V)) {
      assertOwn(restored, ref);
    }
    assertThat(restored.usage().bytes()).isPositive();
    assertThat(restored.usage().sharedFiles()).isZero();
    restored.append(T, row(9L, "after"));
    assertThat(ids(restored, T)).containsExactly(1L, 3L, 9L);
  }

  private void deleteByName(TableRef ref, String name) throws IOException {
    Table table =
        new SpaceCatalog(lake.lake, lake.space, () -> CommitNote.of("other"))
            .loadTable(TableIdentifier.of("main", ref.name()));
    Schema byName = TestLake.PEOPLE.select("name");
    EqualityDeleteWriter<Record> equal =
        Parquet.writeDeletes(
                table
                    .io()
                    .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
            .createWriterFunc(GenericParquetWriter::create)
            .rowSchema(byName)
            .equalityFieldIds(2)
            .withSpec(PartitionSpec.unpartitioned())
            .buildEqualityWriter();
    equal.write(GenericRecord.create(byName).copy("name", name));
    equal.close();
    table.newRowDelta().addDeletes(equal.toDeleteFile()).commit();
  }

  @Test
  void aBackupUnderLoadIsOneCutAndTheCollectorNeverBreaksIt() throws Exception {
    create(T, 2);
    create(U, 2);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          threads.submit(() -> {
            for (long id = 0; !done.get(); id++) {
              long row = id;
              lake.inTransaction(tx -> {
                for (TableRef ref : List.of(T, U)) {
                  LakeCollection table = lake.find(tx, ref);
                  tx.append(
                      table,
                      List.of(lake.write(tx.tableState(table), List.of(), row(row, "both"))));
                }
              });
            }
          });
      Future<?> collector =
          threads.submit(() -> {
            while (!done.get()) {
              lake.lake.collector().run(LifecycleCrashChild.AT_ONCE);
            }
          });
      for (int i = 0; i < 4; i++) {
        backup("load/" + i);
      }
      done.set(true);
      writer.get();
      collector.get();
    }
    for (int i = 0; i < 4; i++) {
      TestLake restored = restore("load/" + i, "r" + i, false);
      assertThat(ids(restored, T)).isEqualTo(ids(restored, U)).doesNotHaveDuplicates();
    }
    assertThat(lake.metastore.<List<Lease>>read(tx -> tx.storage().leases(lake.space.database())))
        .isEmpty();
  }

  @Test
  void aClonesSharedFilesAreInItsBackup() {
    create(T, 2);
    lake.append(T, row(1L, "a"));
    Database clone =
        lake.metastore.write(tx ->
            lake.lake
                .clones()
                .create(
                    tx,
                    new CloneRequest(
                        DB,
                        new DatabaseName("c"),
                        Optional.empty(),
                        Optional.empty(),
                        TenantId.DEFAULT)));
    TestLake in = lake.in(new SpaceKey(clone.id(), TenantId.DEFAULT));
    in.append(T, row(2L, "b"));
    backups().run(clone.id(), uri(PLACE), ADMIN, SILENT);
    assertThat(ids(restore(PLACE, "r", false), T)).containsExactly(1L, 2L);
  }

  @Test
  void aMirrorsBackupHasTheFilesThatItsSourceLosesMeanwhile() {
    create(T, 2);
    create(U, 2);
    for (long i = 0; i < 3; i++) {
      lake.append(T, row(i, "a"));
      lake.append(U, row(i, "a"));
    }
    Database mirror =
        lake.metastore.write(tx ->
            tx.localMirrors()
                .create(
                    new DatabaseName("m"),
                    tx.databases().get(DB),
                    MirrorMode.ASYNC,
                    0,
                    TimeoutAction.FAIL,
                    lake.lake.warehouse().root()));
    AtomicBoolean first = new AtomicBoolean(true);
    backups()
        .run(
            mirror.id(),
            uri(PLACE),
            ADMIN,
            progress -> {
              if (first.getAndSet(false)) {
                for (TableRef ref : List.of(T, U)) {
                  lake.inTransaction(tx -> tx.drop(lake.find(tx, ref)));
                }
                lake.metastore.write(tx -> tx.localMirrors().follow(mirror.id(), 100));
                for (int i = 0; i < 3; i++) {
                  lake.lake.collector().run(LifecycleCrashChild.AT_ONCE);
                }
              }
            });
    TestLake restored = restore(PLACE, "r", false);
    assertThat(ids(restored, T)).containsExactly(0L, 1L, 2L);
    assertThat(ids(restored, U)).containsExactly(0L, 1L, 2L);
    assertThat(lake.metastore.<List<Lease>>read(tx -> tx.storage().leases(lake.space.database())))
        .isEmpty();
  }

  @Test
  void theTrailHasABackupsBeginningAlsoWhenItFailsAndItsEnd() {
    create(T, 2);
    lake.append(T, row(1L, "a"));
    refused(
        ErrorCode.STATEMENT_CANCELLED,
        () ->
            backups()
                .run(
                    lake.space.database(),
                    uri(PLACE),
                    ADMIN,
                    progress -> {
                      throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "enough");
                    }));
    assertThat(trail()).containsExactly("database_backup_started admin");
    backup("nightly/two");
    assertThat(trail())
        .containsExactly(
            "database_backup_started admin",
            "database_backup_started admin",
            "database_backed_up admin");
  }

  private List<String> trail() {
    return lake.metastore.read(tx ->
        tx.audit().after(Optional.of(lake.space.database()), 0, 100).stream()
            .filter(record -> record.type().startsWith("database_back"))
            .map(record -> record.type() + " " + record.principal().orElse(""))
            .toList());
  }

  @Test
  void whatIsTooLargeForItsQuotaIsRefusedBeforeAnythingIsWritten() {
    create(T, 2);
    for (long i = 0; i < 5; i++) {
      lake.append(T, row(i, "a"));
    }
    backup(PLACE);
    lake.metastore.write(tx -> {
      Database small =
          tx.databases().create(new DatabaseName("small"), DatabaseKind.LAKE, Map.of());
      tx.quotas().set(small.id(), Quota.of(QuotaField.MAX_STORAGE_BYTES, 1_000));
      return small;
    });
    List<String> files = files();
    refused(ErrorCode.STORAGE_QUOTA_EXCEEDED, () -> restore(PLACE, "small", true));
    refused(
        ErrorCode.STORAGE_QUOTA_EXCEEDED,
        () -> restores().dryRun(request(PLACE, "small", true), SILENT));
    assertThat(files()).isEqualTo(files);
    assertThat(ids(restore(PLACE, "free", false), T)).hasSize(5);
  }

  @Test
  void aDatabaseThatIsThereIsReplacedByForceAloneAndItsPastStays() {
    create(T, 2);
    lake.append(T, row(1L, "a"));
    backup(PLACE);
    lake.append(T, row(2L, "b"));
    create(U, 2);
    long before = lake.metastore.read(tx -> lake.lake.snapshot(tx, lake.space).seq());
    long then = lake.metastore.read(tx -> tx.now());
    refused(ErrorCode.DATABASE_EXISTS, () -> restore(PLACE, "db", false));
    TestLake restored = restore(PLACE, "db", true);
    assertThat(restored.space).isEqualTo(lake.space);
    assertThat(ids(lake, T)).containsExactly(1L);
    assertThat(
            lake.metastore.<Optional<LakeCollection>>read(
                tx -> lake.lake.snapshot(tx, lake.space).find(U)))
        .isEmpty();
    LakeCollection past =
        lake.metastore
            .read(tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtSeq(before)).find(T))
            .orElseThrow();
    assertThat(lake.rows(lake.lake.load(past), LakeFilter.ALL)).hasSize(2);
    // What was replaced ended when it was, not when the archive was made: AS OF finds it.
    assertThat(committedAt()).isGreaterThanOrEqualTo(then);
    for (int i = 0; i < 2; i++) {
      lake.lake.collector().run(KEEPING);
    }
    LakeCollection at =
        lake.metastore
            .read(tx -> lake.lake.snapshotAt(tx, lake.space, new TimeTravel.AtMicros(then)).find(T))
            .orElseThrow();
    assertThat(at.metadataLocation()).isEqualTo(past.metadataLocation());
    assertThat(lake.rows(lake.lake.load(at), LakeFilter.ALL)).hasSize(2);
    restore(PLACE, "new", false);
    assertThat(
            lake.metastore.<Long>read(
                tx -> tx.databases().get(new DatabaseName("new")).committedAt()))
        .as("a new database begins with the archive's time")
        .isLessThan(then);
  }

  private long committedAt() {
    return lake.metastore.read(tx -> tx.databases().get(DB).committedAt());
  }

  /** A reader with a grant on a table whose filter is for another role, in which it is, too. */
  @Test
  void whoWasFilteredThroughARoleReadsNothingWhereThatRoleIsAnother() {
    create(T, 2);
    create(U, 2);
    RoleName eu = new RoleName("eu");
    Role reader =
        lake.metastore.write(tx -> {
          Role made = tx.roles().create(Optional.empty(), new RoleName("reader"));
          Role filtered = tx.roles().create(Optional.empty(), eu);
          LakeSnapshot now = lake.lake.snapshot(tx, lake.space);
          for (TableRef ref : List.of(T, U)) {
            LakeCollection table = now.find(ref).orElseThrow();
            for (Securable on :
                List.of(
                    new Securable.Collection(lake.space, table.schema(), table.id()),
                    new Securable.Schema(lake.space, table.schema()),
                    new Securable.Space(lake.space))) {
              tx.grants().grant(made.id(), Privilege.SELECT, on, Optional.empty());
            }
          }
          tx.policies()
              .create(
                  PolicyKind.ROW_FILTER,
                  "mine",
                  lake.space,
                  now.find(T).orElseThrow().id(),
                  OptionalInt.empty(),
                  Optional.of(filtered.id()),
                  "id > 1",
                  Optional.empty());
          tx.databaseGrants()
              .grant(
                  DatabaseGrant.to(made.id(), DatabaseRole.READER, lake.space.database()),
                  Optional.empty());
          return made;
        });
    backup(PLACE);
    TestLake same = restore(PLACE, "same", false);
    assertThat(grants(same)).as("the role is the same").hasSize(4);
    assertThat(databaseRoles(same)).isEqualTo(1);
    lake.metastore.write(tx -> {
      tx.roles().delete(tx.roles().find(Optional.empty(), eu).orElseThrow().id());
      return tx.roles().create(Optional.empty(), eu);
    });
    assertThat(restores().dryRun(request(PLACE, "r", false), SILENT).missing())
        .containsExactly("grants beside filters or masks for role eu");
    TestLake restored = restore(PLACE, "r", false);
    assertThat(grants(restored))
        .as("a table without such a filter opens no other")
        .singleElement()
        .satisfies(grant -> {
          assertThat(grant.role()).isEqualTo(reader.id());
          assertThat(grant.securable())
              .isEqualTo(
                  new Securable.Collection(
                      restored.space, restored.find(U).schema(), restored.find(U).id()));
        });
    assertThat(databaseRoles(restored)).isZero();
    assertThat(lake.metastore.<List<Policy>>read(tx -> tx.policies().all(restored.space)))
        .hasSize(1);
  }

  private List<Grant> grants(TestLake in) {
    return lake.metastore.read(tx -> tx.grants().all(in.space));
  }

  private int databaseRoles(TestLake in) {
    return lake.metastore.read(tx -> tx.databaseGrants().on(in.space.database())).size();
  }

  @Test
  void quotasOfTenantsThatAreNotInTheDatabaseAnyMoreAreLeftOut() {
    create(T, 2);
    TenantId gone = new TenantId("gone");
    lake.metastore.write(tx -> {
      tx.tenants().create(gone);
      SpaceKey space = new SpaceKey(lake.space.database(), gone);
      tx.spaces().create(space);
      tx.quotas().set(space, Quota.of(QuotaField.MAX_QPS, 50));
      tx.spaces().retire(space);
      return space;
    });
    backup(PLACE);
    TestLake restored = restore(PLACE, "r", false);
    assertThat(
            lake.metastore.<Map<TenantId, Quota>>read(
                tx -> tx.quotas().tenants(restored.space.database())))
        .isEmpty();
  }

  @Test
  void rightsAndSettingsComeBackAndThoseOfStrangersDoNot() {
    create(T, 2);
    Role role =
        lake.metastore.write(tx -> {
          Role reader = tx.roles().create(Optional.empty(), new RoleName("reader"));
          Role stranger = tx.roles().create(Optional.empty(), new RoleName("stranger"));
          LakeCollection table = lake.lake.snapshot(tx, lake.space).find(T).orElseThrow();
          Securable on = new Securable.Collection(lake.space, table.schema(), table.id());
          tx.grants().grant(reader.id(), Privilege.SELECT, on, Optional.empty());
          tx.grants().grant(stranger.id(), Privilege.SELECT, on, Optional.empty());
          tx.policies()
              .create(
                  PolicyKind.ROW_FILTER,
                  "mine",
                  lake.space,
                  table.id(),
                  OptionalInt.empty(),
                  Optional.empty(),
                  "id > 1",
                  Optional.empty());
          tx.databases().setIdleTimeout(lake.space.database(), 77);
          tx.databases().setAuditDml(lake.space.database(), DmlAudit.WRITES);
          tx.quotas().set(lake.space.database(), Quota.of(QuotaField.MAX_QPS, 500));
          tx.quotas().set(lake.space, Quota.of(QuotaField.MAX_QPS, 50));
          return reader;
        });
    backup(PLACE);
    lake.metastore.write(tx -> {
      tx.roles()
          .delete(tx.roles().find(Optional.empty(), new RoleName("stranger")).orElseThrow().id());
      return true;
    });
    RestoreReport report = restores().dryRun(request(PLACE, "r", false), SILENT);
    assertThat(report.missing()).containsExactly("role stranger");
    TestLake restored = restore(PLACE, "r", false);
    assertThat(
            lake.metastore.<Long>read(tx -> tx.databases().idleTimeout(restored.space.database())))
        .isEqualTo(77);
    assertThat(
            lake.metastore.<DmlAudit>read(
                tx -> tx.databases().get(restored.space.database()).auditDml()))
        .isEqualTo(DmlAudit.WRITES);
    assertThat(lake.metastore.<Quota>read(tx -> tx.quotas().own(restored.space.database())))
        .isEqualTo(Quota.of(QuotaField.MAX_QPS, 500));
    assertThat(lake.metastore.<Quota>read(tx -> tx.quotas().of(restored.space)))
        .isEqualTo(Quota.of(QuotaField.MAX_QPS, 50));
    List<Policy> policies = lake.metastore.read(tx -> tx.policies().all(restored.space));
    assertThat(policies)
        .singleElement()
        .satisfies(policy -> {
          assertThat(policy.expression()).isEqualTo("id > 1");
          assertThat(policy.collection()).isEqualTo(restored.find(T).id());
        });
    assertThat(lake.metastore.<List<Grant>>read(tx -> tx.grants().all(restored.space)))
        .singleElement()
        .satisfies(grant -> assertThat(grant.role()).isEqualTo(role.id()));
  }

  @Test
  void aDryRunWritesNothing() {
    create(T, 2);
    lake.append(T, row(1L, "a"));
    backup(PLACE);
    List<String> files = files();
    long databases = lake.metastore.read(tx -> tx.collect().databases()).size();
    RestoreReport report = restores().dryRun(request(PLACE, "r", false), SILENT);
    assertThat(report.backup().tables()).isEqualTo(1);
    assertThat(report.replaces()).isFalse();
    assertThat(files()).isEqualTo(files);
    assertThat(lake.metastore.<List<DatabaseId>>read(tx -> tx.collect().databases()))
        .hasSize((int) databases);
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    lake.lake.warehouse().list().forEach(file -> files.add(file.path()));
    return files.stream().sorted().toList();
  }

  @Test
  void aRestoreThatIsCancelledLeavesWhatTheSweepTakes() {
    create(T, 2);
    for (long i = 0; i < 5; i++) {
      lake.append(T, row(i, "a"));
    }
    backup(PLACE);
    List<String> files = files();
    refused(
        ErrorCode.STATEMENT_CANCELLED,
        () ->
            restores()
                .run(
                    request(PLACE, "r", false),
                    progress -> {
                      if (progress.phase().equals("write") && progress.filesDone() == 3) {
                        throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "enough");
                      }
                    },
                    (tx, backup, database) -> {}));
    assertThat(files()).hasSizeGreaterThan(files.size());
    for (int i = 0; i < 2; i++) {
      lake.lake.collector().sweep(KEEPING);
      lake.lake.collector().run(KEEPING);
    }
    assertThat(files()).isEqualTo(files);
    assertThat(ids(restore(PLACE, "r", false), T)).hasSize(5);
  }

  private static final dev.polder.lake.collect.CollectOptions KEEPING =
      new dev.polder.lake.collect.CollectOptions(
          Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO, Duration.ofDays(1));

  @Test
  void aBackupThatIsCancelledIsNoneAndItsPlaceIsFree() {
    create(T, 2);
    for (long i = 0; i < 5; i++) {
      lake.append(T, row(i, "a"));
    }
    refused(
        ErrorCode.STATEMENT_CANCELLED,
        () ->
            backups()
                .run(
                    lake.space.database(),
                    uri(PLACE),
                    ADMIN,
                    progress -> {
                      if (progress.filesDone() == 3) {
                        throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "enough");
                      }
                    }));
    refused(ErrorCode.BACKUP_INVALID, () -> restore(PLACE, "r", false));
    backup(PLACE);
    refused(ErrorCode.BACKUP_EXISTS, () -> backup(PLACE));
    assertThat(backups().list())
        .singleElement()
        .satisfies(listed -> assertThat(listed.info().orElseThrow().database()).isEqualTo(DB));
  }

  static void refused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
