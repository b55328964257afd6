package dev.polder.metastore.source;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.Secret;
import dev.polder.model.SourceAlias;
import dev.polder.model.SourceId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The sources of spaces and their secrets. Every change raises the source's revision, gives the
 * space a new {@link #revision} and moves the grants epoch: what was read of a space's sources
 * under an epoch holds as long as the epoch stays. Bound to one transaction.
 */
public final class SourceStore {
  private static final String COLUMNS =
      "id, database_id, tenant, alias, description, setup_sql, connector, properties, read_only,"
          + " disabled, allow_inline_secrets, on_start_failure, extension_directory, revision,"
          + " created_by, created_at, updated_at";
  private static final String SECRET_COLUMNS =
      "id, source_id, name, sealed_value, external_ref, created_at, updated_at";
  private static final String IN_SPACE = " WHERE database_id = ? AND tenant = ?";

  private final Transaction tx;

  public SourceStore(Transaction tx) {
    this.tx = tx;
  }

  /** Another number after each change of the space's sources, never one it had; 0: none ever. */
  public long revision(SpaceKey space) {
    return tx.sql()
        .one(
            "SELECT source_revision FROM space" + IN_SPACE,
            Row::integer,
            space.database(),
            space.tenant())
        .orElse(0L);
  }

  public Optional<Source> find(SpaceKey space, SourceAlias alias) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM source" + IN_SPACE + " AND alias = ?",
            SourceStore::map,
            space.database(),
            space.tenant(),
            alias);
  }

  public Optional<Source> find(SourceId id) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM source WHERE id = ?", SourceStore::map, id);
  }

  public Source get(SpaceKey space, SourceAlias alias) {
    return find(space, alias)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.SOURCE_NOT_FOUND,
                "source '" + alias + "' not found; SHOW SOURCES lists those there are"));
  }

  /** All of a space's, disabled ones too, by alias. */
  public List<Source> list(SpaceKey space) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM source" + IN_SPACE + " ORDER BY alias",
            SourceStore::map,
            space.database(),
            space.tenant());
  }

  /** Creates the source, or changes the space's one of that alias, which keeps its identity. */
  public Source put(SpaceKey space, SourceDefinition definition, Optional<PrincipalId> by) {
    tx.spaces().get(space);
    Optional<Source> present = find(space, definition.alias());
    if (present.isPresent()) {
      update(present.get().id(), definition);
    } else {
      insert(new SourceId(newId("fs-")), space, definition, by);
    }
    changed(space);
    return get(space, definition.alias());
  }

  private void update(SourceId id, SourceDefinition definition) {
    tx.sql()
        .update(
            "UPDATE source SET description = ?, setup_sql = ?, connector = ?, properties = ?,"
                + " read_only = ?, disabled = ?, allow_inline_secrets = ?, on_start_failure = ?,"
                + " extension_directory = ?, revision = revision + 1, updated_at = ? WHERE id = ?",
            definition.description(),
            definition.setupSql(),
            definition.connector(),
            definition.properties(),
            definition.readOnly(),
            definition.disabled(),
            definition.allowInlineSecrets(),
            definition.onStartFailure(),
            definition.extensionDirectory(),
            tx.now(),
            id);
  }

  private void insert(
      SourceId id, SpaceKey space, SourceDefinition definition, Optional<PrincipalId> by) {
    tx.sql()
        .update(
            "INSERT INTO source ("
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)",
            id,
            space.database(),
            space.tenant(),
            definition.alias(),
            definition.description(),
            definition.setupSql(),
            definition.connector(),
            definition.properties(),
            definition.readOnly(),
            definition.disabled(),
            definition.allowInlineSecrets(),
            definition.onStartFailure(),
            definition.extensionDirectory(),
            by,
            tx.now(),
            tx.now());
  }

  /** Deletes it with its secrets, grants and policies. */
  public void delete(Source source) {
    for (String of : List.of("source_secret", "source_policy")) {
      tx.sql().update("DELETE FROM " + of + " WHERE source_id = ?", source.id());
    }
    tx.sql().update("DELETE FROM grant_ WHERE kind = 'SOURCE' AND schema_id = ?", source.id());
    tx.sql().update("DELETE FROM source WHERE id = ?", source.id());
    changed(source.space());
  }

  /** Deletes all of a space's. */
  public void deleteIn(SpaceKey space) {
    list(space).forEach(this::delete);
  }

  /** Deletes all of a tenant's, also those in dropped databases. */
  public void deleteOf(TenantId tenant) {
    tx.sql()
        .list("SELECT " + COLUMNS + " FROM source WHERE tenant = ?", SourceStore::map, tenant)
        .forEach(this::delete);
  }

  /** Attaches a space's sources, as they are, to another one that has none. */
  public void move(SpaceKey from, SpaceKey to) {
    int moved =
        tx.sql()
            .update(
                "UPDATE source SET database_id = ?, tenant = ?" + IN_SPACE,
                to.database(),
                to.tenant(),
                from.database(),
                from.tenant());
    if (moved > 0) {
      changed(from);
      changed(to);
    }
  }

  /** By name. */
  public List<SourceSecret> secrets(SourceId source) {
    return tx.sql()
        .list(
            "SELECT " + SECRET_COLUMNS + " FROM source_secret WHERE source_id = ? ORDER BY name",
            SourceStore::secret,
            source);
  }

  public Optional<SourceSecret> secret(SourceId source, String name) {
    return tx.sql()
        .one(
            "SELECT " + SECRET_COLUMNS + " FROM source_secret WHERE source_id = ? AND name = ?",
            SourceStore::secret,
            source,
            name);
  }

  /**
   * Sets a secret, in place of the one of that name; exactly one of the two is there.
   *
   * @param sealed the value, encrypted already
   */
  public SourceSecret putSecret(
      Source source,
      String name,
      Optional<Secret> sealed,
      Optional<String> externalRef,
      Optional<PrincipalId> by) {
    if (sealed.isPresent() == externalRef.isPresent()) {
      throw new IllegalArgumentException("a secret has either a value or a reference");
    }
    tx.sql()
        .update(
            "INSERT INTO source_secret (id, source_id, name, sealed_value, external_ref,"
                + " created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
                + " (source_id, name) DO UPDATE SET sealed_value = excluded.sealed_value,"
                + " external_ref = excluded.external_ref, updated_at = excluded.updated_at",
            newId("fsec-"),
            source.id(),
            name,
            sealed,
            externalRef,
            by,
            tx.now(),
            tx.now());
    touch(source);
    return secret(source.id(), name).orElseThrow();
  }

  /** False: there was none of that name. */
  public boolean deleteSecret(Source source, String name) {
    boolean deleted =
        tx.sql()
                .update(
                    "DELETE FROM source_secret WHERE source_id = ? AND name = ?", source.id(), name)
            == 1;
    if (deleted) {
      touch(source);
    }
    return deleted;
  }

  private void touch(Source source) {
    tx.sql()
        .update(
            "UPDATE source SET revision = revision + 1, updated_at = ? WHERE id = ?",
            tx.now(),
            source.id());
    changed(source.space());
  }

  private void changed(SpaceKey space) {
    tx.sql().update("UPDATE counter SET value = value + 1 WHERE name = 'source_revision'");
    tx.sql()
        .update(
            "UPDATE space SET source_revision = (SELECT value FROM counter WHERE name ="
                + " 'source_revision')"
                + IN_SPACE,
            space.database(),
            space.tenant());
    tx.grants().changed();
  }

  private String newId(String prefix) {
    return prefix + tx.newId().toString().replace("-", "");
  }

  private static Source map(Row row) throws SQLException {
    return new Source(
        new SourceId(row.text()),
        row.space(),
        new SourceDefinition(
            new SourceAlias(row.text()),
            row.optionalText(),
            row.optionalText(),
            row.optionalText(),
            row.properties(),
            row.flag(),
            row.flag(),
            row.flag(),
            row.enumeration(OnStartFailure.class),
            row.optionalText()),
        row.integer(),
        row.optionalText().map(PrincipalId::new),
        row.integer(),
        row.integer());
  }

  private static SourceSecret secret(Row row) throws SQLException {
    return new SourceSecret(
        row.text(),
        new SourceId(row.text()),
        row.text(),
        row.optionalText().map(Secret::of),
        row.optionalText(),
        row.integer(),
        row.integer());
  }
}
