package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalId;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogTest extends Contract {
  private Database create(String name) {
    return metastore.write(tx ->
        tx.databases().create(new DatabaseName(name), DatabaseKind.LAKE, Map.of("k", "v\"é")));
  }

  @Test
  void theDefaultTenantDatabaseAndSchemaExistFromTheStart() {
    metastore.read(tx -> {
      assertThat(tx.tenants().find(TenantId.DEFAULT)).isPresent();
      assertThat(tx.databases().get(DatabaseName.DEFAULT).id()).isEqualTo(DatabaseId.DEFAULT);
      assertThat(tx.spaces().exists(SPACE)).isTrue();
      return tx.schemas().get(SPACE, SchemaName.MAIN);
    });
    assertCode(
        ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
        () ->
            metastore.write(tx -> {
              tx.databases().drop(DatabaseId.DEFAULT);
              return tx;
            }));
  }

  @Test
  void databaseIdsStartAt1024AndAreNeverUsedAgain() {
    Database first = create("one");
    assertThat(first.id().value()).isEqualTo(1024);
    assertThat(first.properties()).containsEntry("k", "v\"é");
    assertCode(ErrorCode.DATABASE_EXISTS, () -> create("ONE"));
    metastore.write(tx -> {
      tx.databases().drop(first.id());
      return tx;
    });
    assertThat(
            metastore.read(
                (MetastoreTransaction tx) -> tx.databases().find(new DatabaseName("one"))))
        .isEmpty();
    assertThat(create("one").id().value()).isEqualTo(1025);
  }

  @Test
  void aSpaceStartsWithItsMainSchema() {
    DatabaseId id = create("d").id();
    TenantId acme = new TenantId("acme");
    SpaceKey key = new SpaceKey(id, acme);
    assertCode(ErrorCode.TENANT_NOT_FOUND, () -> metastore.write(tx -> tx.spaces().create(key)));
    metastore.write(tx -> {
      tx.tenants().create(acme);
      return tx.spaces().create(key);
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.schemas().find(key, SchemaName.MAIN)))
        .isPresent();
    assertThat(
            metastore
                .read((MetastoreTransaction tx) -> tx.databases().list(acme, Optional.empty(), 5))
                .items())
        .extracting(Database::id)
        .containsExactly(id);
    assertCode(
        ErrorCode.TENANT_NOT_EMPTY,
        () ->
            metastore.write(tx -> {
              tx.tenants().delete(acme);
              return tx;
            }));
  }

  @Test
  void aRenamedDatabaseIsFoundByItsNewNameAlone() {
    DatabaseId id = create("before").id();
    metastore.write(tx -> {
      tx.databases().rename(id, new DatabaseName("after"));
      tx.databases().setDefaults(id, Optional.empty(), Optional.of("sales"));
      return tx;
    });
    assertThat(
            metastore.read(
                (MetastoreTransaction tx) -> tx.databases().find(new DatabaseName("before"))))
        .isEmpty();
    assertThat(
            metastore
                .read((MetastoreTransaction tx) -> tx.databases().get(new DatabaseName("after")))
                .defaultSchema())
        .contains("sales");
  }

  @Test
  void everythingIsThereAfterOpeningAgain() throws SQLException {
    create("kept");
    metastore.close();
    metastore = backend.open(place, clock);
    assertThat(
            metastore.read(
                (MetastoreTransaction tx) -> tx.databases().find(new DatabaseName("kept"))))
        .isPresent();
    try (var connection = backend.connect(place);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM migration WHERE version = '1'")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void aPlaceThatWasGivenOutIsItsHoldersUntilItIsTooOld() {
    SchemaId schema = main();
    PrincipalId ann = new PrincipalId("ann");
    long staged =
        metastore.write(tx -> {
          tx.stagedTables().add("s3://b/1", schema, "t", ann, 0);
          return tx.now();
        });
    metastore.read(tx -> {
      assertThat(tx.stagedTables().locations(schema, "t", ann, staged)).containsExactly("s3://b/1");
      assertThat(tx.stagedTables().locations(schema, "t", ann, staged + 1)).isEmpty();
      assertThat(tx.stagedTables().locations(schema, "u", ann, staged)).isEmpty();
      assertThat(tx.stagedTables().locations(schema, "t", new PrincipalId("bob"), staged))
          .isEmpty();
      return true;
    });
    metastore.write(tx -> {
      tx.stagedTables().add("s3://b/2", schema, "t", ann, staged + 1);
      return true;
    });
    metastore.read(tx -> {
      assertThat(tx.stagedTables().locations(schema, "t", ann, 0)).containsExactly("s3://b/2");
      return true;
    });
  }
}
