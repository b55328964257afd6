package dev.polder.metastore;

import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.Moment;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A fresh metastore of each kind for each test. */
@ParameterizedClass
@EnumSource(Backend.class)
abstract class Contract {
  static final SpaceKey SPACE = new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT);

  @Parameter Backend backend;
  @TempDir Path directory;
  final SettableClock clock = new SettableClock();
  String place;
  Metastore metastore;

  @BeforeEach
  void open() {
    place = backend.place(directory);
    metastore = backend.open(place, clock);
  }

  @AfterEach
  void close() {
    metastore.close();
  }

  SchemaId main() {
    return metastore.read(tx -> tx.schemas().get(SPACE, SchemaName.MAIN).id());
  }

  CollectionChange.Create table(SchemaId schema, String name) {
    String uuid = UUID.randomUUID().toString();
    return new CollectionChange.Create(
        new CollectionId(uuid),
        schema,
        CollectionKind.TABLE,
        name,
        uuid,
        "file:/w/" + uuid,
        "file:/w/" + uuid + "/0.json",
        Optional.empty());
  }

  CommitOutcome commit(CollectionChange... changes) {
    CommitRequest.Builder request = CommitRequest.builder(SPACE, "test");
    for (CollectionChange change : changes) {
      request.change(change);
    }
    return metastore.write(tx -> tx.commits().commit(request.build()));
  }

  static CollectionChange.Update update(CollectionChange.Create table, String from, String number) {
    return new CollectionChange.Update(table.id(), from, table.location() + "/" + number + ".json");
  }

  /** Files of its own for whoever takes the commit over. */
  static Map<CollectionId, OwnVersion> own(DatabaseCommit commit) {
    Map<CollectionId, OwnVersion> own = new HashMap<>();
    for (CollectionState state : commit.collections()) {
      state
          .metadataLocation()
          .ifPresent(location ->
              own.put(
                  state.id(),
                  new OwnVersion(
                      state.icebergUuid(),
                      "own:" + state.location(),
                      "own:" + location,
                      commit.files().stream()
                          .filter(file -> file.collection().equals(state.id()))
                          .toList())));
    }
    return own;
  }

  static long seq(CommitOutcome outcome) {
    return ((CommitOutcome.Committed) outcome).seq();
  }

  static void assertCode(ErrorCode code, ThrowingCallable call) {
    Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PolderException.class, e -> Assertions.assertThat(e.code()).isEqualTo(code));
  }

  /**
   * As a reset does: drops all schemas and tables and makes others of their names, in one commit.
   */
  final void reset() {
    metastore.write(tx -> {
      Moment moment = tx.history().after(SPACE, 1).orElseThrow();
      var commit = tx.commits().next(DatabaseId.DEFAULT, Optional.empty(), SPACE.tenant(), "reset");
      tx.cuts().clear(SPACE, commit);
      tx.cuts()
          .copyCatalog(
              moment,
              SPACE,
              commit,
              table -> new CutStore.Identity(tx.newId().toString(), table.location() + "/again"));
      return commit;
    });
  }
}
