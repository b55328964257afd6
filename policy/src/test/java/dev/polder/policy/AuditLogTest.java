package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.audit.AuditHead;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.AuditVerification;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.policy.admin.RoleAdministration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest extends PolicyFixture {
  @TempDir Path elsewhere;

  @Test
  void identicalDenialsBecomeOneRowWithACount() {
    Identity ana = user("ana", ACME);
    for (int i = 0; i < 1000; i++) {
      audit.denied(
          ana,
          Optional.of(space),
          "SELECT",
          "main.orders",
          "missing SELECT grant on main.orders",
          "");
    }
    audit.denied(
        ana,
        Optional.of(space),
        "SELECT",
        "main.others",
        "missing SELECT grant on main.others",
        "");
    audit.flush();
    List<AuditRecord> denials = denials(Optional.of(space.database()));
    assertThat(denials).hasSizeBetween(2, 4);
    assertThat(denials).allMatch(row -> row.outcome().equals("DENIED"));
    assertThat(denials).allMatch(row -> row.tenant().equals(Optional.of(ACME.value())));
    assertThat(
            denials.stream()
                .filter(row -> row.object().equals(Optional.of("main.orders")))
                .mapToInt(AuditLogTest::count)
                .sum())
        .isEqualTo(1000);
  }

  @Test
  void denialsAreWrittenWithoutBeingAskedFor() {
    audit.denied(user("ana", ACME), Optional.of(space), "SELECT", "main.orders", "missing", "");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> denials(Optional.of(space.database())).size() == 1);
  }

  @Test
  void closingWritesWhatIsLeft() {
    Identity ana = user("ana", ACME);
    AuditLog other = new AuditLog(metastore);
    other.denied(
        ana, Optional.empty(), "CREATE USER", "bob", "only a superuser may create users", "");
    other.close();
    assertThat(denials(Optional.empty())).hasSize(1);
  }

  @Test
  void aFailedLoginIsRecordedWithItsSourceAndWithoutThePassword() {
    assertCode(
        ErrorCode.INVALID_PASSWORD,
        () -> authenticator.password("no\0body", Secret.of("a mistaken word"), "10.0.0.9"));
    audit.flush();
    AuditRecord denial = denials(Optional.empty()).getFirst();
    assertThat(denial.type()).isEqualTo("login_failed");
    assertThat(denial.object().orElseThrow()).contains("10.0.0.9").doesNotContain("\0");
    assertThat(denial.detail()).doesNotContain("mistaken");
  }

  @Test
  void aChangeAndItsAuditRowAreWrittenBothOrNeither() {
    int before = rows(Optional.empty()).size();
    assertCode(
        ErrorCode.ROLE_EXISTS,
        () ->
            write(tx -> {
              RoleAdministration.create(
                  tx, admin, Optional.of(ACME), RoleRef.of(new RoleName("a")));
              RoleAdministration.create(
                  tx, admin, Optional.of(ACME), RoleRef.of(new RoleName("a")));
            }));
    assertThat(rows(Optional.empty())).hasSize(before);
    write(tx ->
        RoleAdministration.create(tx, admin, Optional.of(ACME), RoleRef.of(new RoleName("a"))));
    assertThat(rows(Optional.empty())).hasSize(before + 1);
    AuditRecord newest = rows(Optional.empty()).getLast();
    assertThat(newest.type()).isEqualTo("role_created");
    assertThat(newest.principal()).contains(admin.name().value());
  }

  @Test
  void theChainShowsWhichRowWasTamperedWith() throws Exception {
    user("ana", ACME);
    user("bob", ACME);
    assertThat(firstBroken()).isEmpty();
    try (Connection connection = store.connect(place);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE audit SET object = 'eve' WHERE chain = -1 AND event_type = 'user_created' AND"
              + " object = 'ana'");
    }
    long tampered =
        rows(Optional.empty()).stream()
            .filter(row -> row.object().equals(Optional.of("eve")))
            .findFirst()
            .orElseThrow()
            .seq();
    assertThat(firstBroken()).hasValue(tampered);
  }

  private OptionalLong firstBroken() {
    AuditVerification verification = new AuditVerification(Optional.empty());
    while (metastore.<Boolean>read(tx -> verification.next(tx.audit(), 100))) {
      assertThat(verification.firstBroken()).isEmpty();
    }
    return verification.firstBroken();
  }

  @Test
  void whoBringsMoreThanCanWaitWaitsAndNothingIsLeftOut() {
    Identity ana = user("ana", ACME);
    for (int i = 0; i < 15_000; i++) {
      audit.denied(ana, Optional.of(space), "SELECT", "main.t" + i, "missing", "");
    }
    audit.flush();
    assertThat(
            metastore.<AuditHead>read(tx -> tx.audit().head(Optional.of(space.database()))).seq())
        .isGreaterThanOrEqualTo(15_000);
  }

  @Test
  void whoFindsNoRoomFailsInTimeWhenTheMetastoreIsGone() {
    Identity ana = user("ana", ACME);
    Metastore gone = store.open(store.place(elsewhere), clock);
    AuditLog log = new AuditLog(gone, Duration.ofMillis(200));
    gone.close();
    assertCode(ErrorCode.METASTORE_UNAVAILABLE, () -> fill(log, ana));
    Thread.currentThread().interrupt();
    assertCode(
        ErrorCode.STATEMENT_CANCELLED,
        () -> log.denied(ana, Optional.of(space), "SELECT", "main.more", "missing", ""));
    assertThat(Thread.interrupted()).isTrue();
    log.close();
  }

  @Test
  void closingReleasesWhoWaits() {
    Identity ana = user("ana", ACME);
    Metastore gone = store.open(store.place(elsewhere), clock);
    AuditLog log = new AuditLog(gone, Duration.ofSeconds(30));
    gone.close();
    CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> fill(log, ana));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(log::isFull);
    log.close();
    assertThatThrownBy(waiter::join)
        .cause()
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
  }

  /** More than can wait while as much is being written. */
  private void fill(AuditLog log, Identity who) {
    for (int i = 0; i < 25_000; i++) {
      log.denied(who, Optional.of(space), "SELECT", "main.t" + i, "missing", "");
    }
  }

  private List<AuditRecord> denials(Optional<DatabaseId> chain) {
    return rows(chain).stream().filter(row -> row.outcome().equals("DENIED")).toList();
  }

  private List<AuditRecord> rows(Optional<DatabaseId> chain) {
    return metastore.read(tx -> new ArrayList<>(tx.audit().after(chain, 0, 1000)));
  }

  private static int count(AuditRecord row) {
    return Integer.parseInt(row.detail().replaceAll(".*\"count\":\"(\\d+)\".*", "$1"));
  }
}
