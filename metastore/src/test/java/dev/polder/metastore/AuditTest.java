package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditFilter.Comparison;
import dev.polder.metastore.audit.AuditFilter.Condition;
import dev.polder.metastore.audit.AuditFilter.Field;
import dev.polder.metastore.audit.AuditFilter.NumberField;
import dev.polder.metastore.audit.AuditHead;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.AuditVerification;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AuditTest extends Contract {
  private static final Optional<DatabaseId> SERVER = Optional.empty();
  private static final Optional<DatabaseId> DATABASE = Optional.of(DatabaseId.DEFAULT);

  private void append(Optional<DatabaseId> database, int count) {
    for (int i = 0; i < count; i++) {
      append(database, EventType.PRIVILEGE_GRANTED, "ann", Optional.of(TenantId.DEFAULT));
    }
  }

  private void append(
      Optional<DatabaseId> database, EventType type, String who, Optional<TenantId> tenant) {
    metastore.write(tx ->
        tx.audit()
            .append(
                new AuditEvent(
                    database,
                    Optional.of(new PrincipalName(who)),
                    tenant,
                    type,
                    Optional.of("weird \0 name \uD800 é 🦆"),
                    AuditOutcome.DENIED,
                    "{}")));
  }

  private AuditVerification verification(Optional<DatabaseId> database) {
    AuditVerification verification = new AuditVerification(database);
    while (metastore.<Boolean>read(tx -> verification.next(tx.audit(), 2))) {
      assertThat(verification.firstBroken()).isEmpty();
    }
    return verification;
  }

  private OptionalLong broken(Optional<DatabaseId> database) {
    return verification(database).firstBroken();
  }

  private void tamper(String sql) throws SQLException {
    try (var connection = backend.connect(place);
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  @Test
  void anUntouchedChainVerifiesAndEndsAtItsHead() {
    append(SERVER, 5);
    append(DATABASE, 3);
    AuditVerification verified = verification(SERVER);
    assertThat(verified.firstBroken()).isEmpty();
    assertThat(verified.head()).isEqualTo(metastore.<AuditHead>read(tx -> tx.audit().head(SERVER)));
    assertThat(verified.head().seq()).isEqualTo(5);
    assertThat(broken(DATABASE)).isEmpty();
    assertThat(broken(Optional.of(new DatabaseId(1024)))).isEmpty();
  }

  @Test
  void aChangeOfAnyColumnIsFound() throws SQLException {
    append(DATABASE, 5);
    for (String change :
        List.of(
            "at = at + 1",
            "event_type = 'database_created'",
            "event_type = 'nonsense'",
            "principal = 'eve'",
            "principal = NULL",
            "tenant = 'other'",
            "tenant = 'No Tenant''s Name'",
            "object = 'x'",
            "object = NULL",
            "outcome = 'SUCCESS'",
            "detail = '{\"a\":\"b\"}'",
            "prev_hash = hash",
            "hash = prev_hash")) {
      run("CREATE TABLE kept AS SELECT * FROM audit WHERE chain = 0 AND seq = 3");
      tamper("UPDATE audit SET " + change + " WHERE chain = 0 AND seq = 3");
      assertThat(broken(DATABASE)).as(change).hasValue(3);
      tamper("DELETE FROM audit WHERE chain = 0 AND seq = 3");
      tamper("INSERT INTO audit SELECT * FROM kept");
      run("DROP TABLE kept");
      assertThat(broken(DATABASE)).isEmpty();
    }
    tamper("UPDATE audit SET seq = 9 WHERE chain = 0 AND seq = 3");
    assertThat(broken(DATABASE)).hasValue(3);
  }

  private void run(String sql) throws SQLException {
    try (var connection = backend.connect(place);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aRecordTakenFromTheMiddleIsMissed() throws SQLException {
    append(DATABASE, 5);
    tamper("DELETE FROM audit WHERE chain = 0 AND seq = 2");
    assertThat(broken(DATABASE)).hasValue(2);
  }

  @Test
  void recordsTakenFromTheEndAreMissed() throws SQLException {
    append(SERVER, 5);
    tamper("DELETE FROM audit WHERE chain = -1 AND seq >= 4");
    assertThat(broken(SERVER)).hasValue(4);
    tamper("DELETE FROM audit WHERE chain = -1");
    assertThat(broken(SERVER)).hasValue(1);
  }

  @Test
  void aHeadThatWasChangedShows() throws SQLException {
    append(SERVER, 2);
    tamper("UPDATE audit_head SET hash = 'x' WHERE chain = -1");
    assertThat(broken(SERVER)).hasValue(2);
    tamper("DELETE FROM audit_head WHERE chain = -1");
    assertThat(broken(SERVER)).hasValue(1);
  }

  @Test
  void aRecordPutInShows() throws SQLException {
    append(DATABASE, 3);
    tamper(
        "INSERT INTO audit SELECT chain, 4, at, event_type, principal, tenant, object, outcome,"
            + " detail, hash, hash FROM audit WHERE chain = 0 AND seq = 3");
    assertThat(broken(DATABASE)).hasValue(4);
  }

  @Test
  void recordsOfAnotherChainDoNotFit() throws SQLException {
    append(SERVER, 3);
    tamper("UPDATE audit SET chain = 0 WHERE chain = -1");
    tamper("UPDATE audit_head SET chain = 0 WHERE chain = -1");
    assertThat(broken(DATABASE)).hasValue(1);
  }

  @Test
  void aRecordBeforeTheFirstIsNotShownAndFound() throws SQLException {
    append(DATABASE, 2);
    tamper(
        "INSERT INTO audit SELECT chain, -1, at, event_type, principal, tenant, object, outcome,"
            + " detail, prev_hash, hash FROM audit WHERE chain = 0 AND seq = 1");
    assertThat(found(where(), Long.MAX_VALUE, 9)).containsExactly(2L, 1L);
    assertThat(broken(DATABASE)).hasValue(-1);
  }

  @Test
  void theTrailOfADatabaseThatSomebodyMadeCannotBeEmpty() {
    DatabaseId made =
        metastore.<DatabaseId>write(
            tx -> tx.databases().create(new DatabaseName("d"), DatabaseKind.LAKE, Map.of()).id());
    assertThat(broken(Optional.of(made))).hasValue(1);
    append(Optional.of(made), 1);
    assertThat(broken(Optional.of(made))).isEmpty();
  }

  @Test
  void manyRecordsAreAppendedInTheirChainsOrder() {
    append(SERVER, 1);
    List<AuditEvent> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(
          new AuditEvent(
              i % 2 == 0 ? SERVER : DATABASE,
              Optional.empty(),
              Optional.empty(),
              EventType.DML,
              Optional.of("t" + i),
              AuditOutcome.SUCCESS,
              "{}"));
    }
    metastore.write(tx -> tx.audit().appendAll(events));
    assertThat(broken(SERVER)).isEmpty();
    assertThat(broken(DATABASE)).isEmpty();
    assertThat(metastore.<AuditHead>read(tx -> tx.audit().head(SERVER)).seq()).isEqualTo(11);
    assertThat(
            metastore.<List<AuditRecord>>read(tx -> tx.audit().after(DATABASE, 0, 99)).stream()
                .map(record -> record.object().orElseThrow()))
        .containsExactly("t1", "t3", "t5", "t7", "t9", "t11", "t13", "t15", "t17", "t19");
  }

  private List<Long> found(AuditFilter filter, long before, int limit) {
    return metastore.read(tx ->
        tx.audit().before(DATABASE, filter, before, limit).stream().map(AuditRecord::seq).toList());
  }

  private static AuditFilter where(Condition... conditions) {
    return new AuditFilter(List.of(conditions), Optional.empty());
  }

  @Test
  void recordsAreFoundByWhatTheySayNewestFirst() {
    append(DATABASE, EventType.DATABASE_CREATED, "ann", Optional.empty());
    append(DATABASE, EventType.DML, "ben", Optional.of(new TenantId("acme")));
    append(DATABASE, EventType.DML, "ann", Optional.of(TenantId.DEFAULT));
    append(SERVER, EventType.DML, "ann", Optional.empty());
    assertThat(found(where(), Long.MAX_VALUE, 2)).containsExactly(3L, 2L);
    assertThat(found(where(), 2, 2)).containsExactly(1L);
    assertThat(found(where(new Condition.In(Field.EVENT_TYPE, List.of("dml"))), 9, 9))
        .containsExactly(3L, 2L);
    assertThat(
            found(
                where(
                    new Condition.In(Field.USER, List.of("ann", "eve")),
                    new Condition.Like(Field.EVENT_TYPE, "database\\_%")),
                9,
                9))
        .containsExactly(1L);
    assertThat(found(where(new Condition.Compare(NumberField.SEQ, Comparison.AT_LEAST, 2)), 9, 9))
        .containsExactly(3L, 2L);
    assertThat(found(where(new Condition.Compare(NumberField.TIMESTAMP, Comparison.LESS, 0)), 9, 9))
        .isEmpty();
  }

  @Test
  void patternsCompareCaseTheSameInBothMetastores() {
    for (String name : List.of("ann", "Ann", "ÄRGER", "ärger", "a_n", "a%n")) {
      metastore.write(tx ->
          tx.audit()
              .append(
                  new AuditEvent(
                      DATABASE,
                      Optional.empty(),
                      Optional.empty(),
                      EventType.DML,
                      Optional.of(name),
                      AuditOutcome.SUCCESS,
                      "{}")));
    }
    assertThat(named("ann")).containsExactly(1L);
    assertThat(named("A%")).containsExactly(2L);
    assertThat(named("a%")).containsExactly(6L, 5L, 1L);
    assertThat(named("är%")).containsExactly(4L);
    assertThat(named("Ä____")).containsExactly(3L);
    assertThat(named("a\\_n")).containsExactly(5L);
    assertThat(named("a\\%n")).containsExactly(6L);
    assertThat(found(where(new Condition.Like(Field.OBJECT, "a%")), 9, 2)).containsExactly(6L, 5L);
    assertThat(found(where(new Condition.Like(Field.OBJECT, "ann")), 9, 1)).containsExactly(1L);
  }

  private List<Long> named(String pattern) {
    return found(where(new Condition.Like(Field.OBJECT, pattern)), 9, 9);
  }

  @Test
  void aTenantsReaderSeesNothingOfOthers() {
    append(DATABASE, EventType.DATABASE_CREATED, "ann", Optional.empty());
    append(DATABASE, EventType.DML, "ben", Optional.of(new TenantId("acme")));
    append(DATABASE, EventType.DML, "ann", Optional.of(TenantId.DEFAULT));
    assertThat(found(reader(false), 9, 9)).containsExactly(2L, 1L);
    assertThat(found(reader(true), 9, 9)).containsExactly(2L);
  }

  private static AuditFilter reader(boolean alone) {
    return new AuditFilter(
        List.of(), Optional.of(new AuditFilter.Reader(new TenantId("acme"), alone)));
  }

  @Test
  void aCommitTellsOfItsStatementsIfTheDatabaseKeepsThem() {
    commit();
    assertThat(metastore.<AuditHead>read(tx -> tx.audit().head(DATABASE)).seq()).isZero();
    metastore.write(tx -> {
      tx.databases().setAuditDml(DatabaseId.DEFAULT, DmlAudit.WRITES);
      return true;
    });
    commit();
    AuditRecord kept =
        metastore.<List<AuditRecord>>read(tx -> tx.audit().after(DATABASE, 0, 9)).getFirst();
    assertThat(kept.type()).isEqualTo("dml");
    assertThat(kept.object()).contains("main.a, main.b");
    assertThat(kept.detail())
        .contains(
            "\"commit_seq\":\"2\"",
            "\"database_id\":\"0\"",
            "\"tenant_id\":\"default\"",
            "\"user_id\":\"u1\"",
            "\"row_count\":\"7\"",
            "\"statement_digest\":\"insert into a values (?)\"");
  }

  private void commit() {
    CommitRequest request =
        CommitRequest.builder(SPACE, "INSERT")
            .statement(
                new AuditedStatement(
                    Optional.of(new PrincipalName("ann")),
                    Optional.of(new PrincipalId("u1")),
                    "INSERT",
                    "insert into a values (?)",
                    7,
                    List.of("main.a", "main.b")))
            .build();
    assertThat(metastore.<CommitOutcome>write(tx -> tx.commits().commit(request)))
        .isInstanceOf(CommitOutcome.Committed.class);
  }
}
