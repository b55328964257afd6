package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.Secret;
import dev.polder.model.SourceAlias;
import dev.polder.policy.internal.AuditRows;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes, changes and deletes sources and their secrets, behind a {@link SourceGate}, and tells the
 * trail: never SQL, properties or values. Stateless; each call belongs to the gate's transaction.
 */
public final class SourceAdministration {
  private static final Pattern SECRET_NAME = Pattern.compile("[A-Za-z0-9_]{1,128}");

  private SourceAdministration() {}

  /**
   * Creates a source, or replaces the definition of that alias.
   *
   * @param author who may have it be so
   * @param authorBefore who may have it be as it was; ignored for a new one
   */
  public static Source put(
      SourceGate gate,
      SourceDefinition definition,
      SourceAuthor author,
      Optional<SourceAuthor> authorBefore) {
    MetastoreTransaction tx = gate.transaction();
    Optional<Source> before = tx.sources().find(gate.space(), definition.alias());
    if (before.isPresent()) {
      requireChange(gate, before.get(), definition, author, authorBefore.orElse(author));
    } else {
      gate.require(author);
      requireFree(gate, definition.alias());
    }
    Source made = tx.sources().put(gate.space(), definition, Optional.of(gate.actor().id()));
    audit(
        gate,
        before.isPresent() ? EventType.SOURCE_CHANGED : EventType.SOURCE_CREATED,
        made,
        detail(definition));
    return made;
  }

  /**
   * Describing and disabling is for who may delete it. All else could turn what others put into it
   * against them: a secret that another store keeps is sent where the definition says.
   */
  private static void requireChange(
      SourceGate gate,
      Source before,
      SourceDefinition definition,
      SourceAuthor author,
      SourceAuthor authorBefore) {
    SourceDefinition was = before.definition();
    boolean enabled = was.disabled() && !definition.disabled();
    if (definition.sameBut(was) && !enabled) {
      requireSeen(gate, author);
      return;
    }
    gate.require(authorBefore);
    gate.require(author);
    boolean elsewhere =
        gate.transaction().sources().secrets(before.id()).stream()
            .anyMatch(secret -> secret.externalRef().isPresent());
    if (elsewhere && !definition.sameBut(was)) {
      gate.require(new SourceAuthor.Superuser("a source with an externalRef"));
    }
  }

  private static void requireSeen(SourceGate gate, SourceAuthor author) {
    if (!gate.sees(author)) {
      gate.require(author);
    }
  }

  /** An alias goes before all other names, so that it must not hide any. */
  private static void requireFree(SourceGate gate, SourceAlias alias) {
    MetastoreTransaction tx = gate.transaction();
    Database database = tx.databases().get(gate.space().database());
    if (database.name().value().equalsIgnoreCase(alias.value())
        || tx.schemas().find(gate.space(), new SchemaName(alias.value())).isPresent()) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "'" + alias + "' is the name of the database or of a schema in it; choose another alias");
    }
  }

  /** Deletes a source with its secrets, grants and policies. */
  public static void delete(SourceGate gate, Source source, SourceAuthor author) {
    requireSeen(gate, author);
    gate.transaction().sources().delete(source);
    audit(gate, EventType.SOURCE_DROPPED, source, Map.of());
  }

  /**
   * Sets a secret; exactly one of value and reference is there.
   *
   * @param sealed the value, encrypted already
   */
  public static SourceSecret putSecret(
      SourceGate gate,
      Source source,
      SourceAuthor author,
      String name,
      Optional<Secret> sealed,
      Optional<String> externalRef) {
    // A value may decide what the definition means, a path as well as a password.
    gate.require(author);
    if (externalRef.isPresent()) {
      gate.require(new SourceAuthor.Superuser("an externalRef"));
    }
    if (!SECRET_NAME.matcher(name).matches()) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "the name of a secret has 1 to 128 letters, digits and _, so that {{secret.NAME}} finds"
              + " it");
    }
    SourceSecret set =
        gate.transaction()
            .sources()
            .putSecret(source, name, sealed, externalRef, Optional.of(gate.actor().id()));
    audit(
        gate,
        EventType.SOURCE_SECRET_SET,
        source,
        Map.of(
            "secret",
            name,
            "store",
            externalRef.map(ref -> ref.split(":", 2)[0]).orElse("stored")));
    return set;
  }

  public static void deleteSecret(
      SourceGate gate, Source source, SourceAuthor author, String name) {
    gate.require(author);
    if (!gate.transaction().sources().deleteSecret(source, name)) {
      throw new PolderException(
          ErrorCode.SOURCE_SECRET_NOT_FOUND, "secret '" + name + "' not found");
    }
    audit(gate, EventType.SOURCE_SECRET_DELETED, source, Map.of("secret", name));
  }

  private static Map<String, String> detail(SourceDefinition definition) {
    Map<String, String> detail = new HashMap<>();
    detail.put("kind", definition.connector().orElse("setup_sql"));
    detail.put("read_only", Boolean.toString(definition.readOnly()));
    detail.put("disabled", Boolean.toString(definition.disabled()));
    return detail;
  }

  private static void audit(
      SourceGate gate, EventType type, Source source, Map<String, String> detail) {
    AuditRows.changed(
        gate.transaction(),
        gate.actor(),
        gate.space().database(),
        Optional.of(gate.space().tenant()),
        type,
        source.alias().value(),
        detail);
  }
}
