package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AuditTest extends Contract {
  private void append(Optional<DatabaseId> database, int count) {
    for (int i = 0; i < count; i++) {
      metastore.write(tx ->
          tx.audit()
              .append(
                  new AuditEvent(
                      database,
                      Optional.of(new PrincipalName("ann")),
                      Optional.of(TenantId.DEFAULT),
                      "GRANT",
                      Optional.of("weird \0 name \uD800 é 🦆"),
                      AuditOutcome.DENIED,
                      "{}")));
    }
  }

  private OptionalLong verify(Optional<DatabaseId> database) {
    return metastore.read(tx -> tx.audit().verify(database));
  }

  @Test
  void anUntouchedChainVerifies() {
    append(Optional.empty(), 5);
    append(Optional.of(DatabaseId.DEFAULT), 3);
    assertThat(verify(Optional.empty())).isEmpty();
    assertThat(verify(Optional.of(DatabaseId.DEFAULT))).isEmpty();
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.audit().newest(Optional.empty())))
        .map(AuditRecord::seq)
        .contains(5L);
    assertThat(
            metastore.read((MetastoreTransaction tx) -> tx.audit().after(Optional.empty(), 2, 10)))
        .hasSize(3);
  }

  @Test
  void aChangedRecordIsFound() throws SQLException {
    append(Optional.empty(), 5);
    tamper("UPDATE audit SET outcome = 'SUCCESS' WHERE chain = -1 AND seq = 3");
    assertThat(verify(Optional.empty())).hasValue(3);
  }

  @Test
  void aRemovedRecordIsFound() throws SQLException {
    append(Optional.of(DatabaseId.DEFAULT), 5);
    tamper("DELETE FROM audit WHERE chain = 0 AND seq = 2");
    assertThat(verify(Optional.of(DatabaseId.DEFAULT))).hasValue(2);
  }

  private void tamper(String sql) throws SQLException {
    try (var connection = backend.connect(place);
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }
}
