package dev.polder.engine.management;

import dev.polder.engine.internal.show.DatabaseLifecycle;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.admin.DatabaseGate;
import dev.polder.policy.admin.PropertyAdministration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The databases in which a tenant has a space. Their files lie where the server puts them: what a
 * client says of storage must be that. Thread-safe.
 */
public final class Catalogs {
  /** As clients give it among the properties. */
  public static final String LOCATION = "default-base-location";

  private final Realm realm;

  Catalogs(Realm realm) {
    this.realm = realm;
  }

  /**
   * Where a client wants files.
   *
   * @param type of the storage; empty: the server's
   * @param locations all that it names; empty: the server's
   */
  public record Storage(Optional<String> type, List<String> locations) {
    public Storage {
      locations = List.copyOf(locations);
    }
  }

  /** Those that the principal may be in. */
  public List<CatalogEntry> list() {
    return realm.read(
        "LIST CATALOGS",
        "catalogs",
        tx ->
            Realm.<Database>all(after -> tx.databases().list(realm.tenant(), after, Page.MAX_LIMIT))
                .stream()
                .filter(database -> realm.visible(tx, database))
                .map(database -> entry(tx, database))
                .toList());
  }

  public CatalogEntry create(DatabaseName name, Map<String, String> properties, Storage storage) {
    return realm.write(
        "CREATE DATABASE",
        name.value(),
        tx -> {
          gate(tx).requireCreate(realm.tenant());
          requireOwn(storage, properties, null);
          Database made = DatabaseLifecycle.create(tx, realm.actor(), name, realm.tenant());
          Map<String, String> kept = without(properties);
          if (!kept.isEmpty()) {
            tx.properties().set(made.id(), PropertyAdministration.checked(kept), 1);
          }
          return entry(tx, made);
        });
  }

  public CatalogEntry get(DatabaseName name) {
    return realm.read("GET CATALOG", name.value(), tx -> entry(tx, realm.catalog(tx, name)));
  }

  /**
   * Sets the properties, where they are given.
   *
   * @throws PolderException ENTITY_VERSION_MISMATCH
   */
  public CatalogEntry update(
      DatabaseName name, Optional<Map<String, String>> properties, Storage storage, long version) {
    return realm.write(
        "UPDATE CATALOG",
        name.value(),
        tx -> {
          Database database = realm.catalog(tx, name);
          Map<String, String> wanted =
              properties.orElseGet(() -> tx.properties().of(database.id()).properties());
          requireOwn(storage, wanted, database);
          PropertyAdministration.set(
              tx, realm.actor(), realm.tenant(), name, without(wanted), version);
          return entry(tx, database);
        });
  }

  /** Drops the database if no table is in it; the drop can be taken back by SQL. */
  public void delete(DatabaseName name) {
    realm.write(
        "DROP DATABASE",
        name.value(),
        tx -> {
          realm.catalog(tx, name);
          Database database = DatabaseLifecycle.droppable(tx, gate(tx), name);
          DatabaseLifecycle.requireEmpty(tx, database);
          DatabaseLifecycle.dropUnneeded(tx, realm.actor(), database, "RESTRICT");
          return database;
        });
  }

  private DatabaseGate gate(MetastoreTransaction tx) {
    return DatabaseGate.of(tx, realm.actor(), realm.tenant());
  }

  private Warehouse warehouse() {
    return realm.engine().lake().warehouse();
  }

  private String type() {
    return warehouse().type();
  }

  private CatalogEntry entry(MetastoreTransaction tx, Database database) {
    return new CatalogEntry(
        Described.of(
            database.name().value(), database.createdAt(), tx.properties().of(database.id())),
        type(),
        location(database));
  }

  private String location(Database database) {
    return uri(
        warehouse().tenantRoot(new SpaceKey(database.id(), realm.tenant())) + "/" + database.id());
  }

  private static String uri(String path) {
    return path.startsWith("/") ? "file://" + path : path;
  }

  private static Map<String, String> without(Map<String, String> properties) {
    Map<String, String> kept = new java.util.HashMap<>(properties);
    kept.remove(LOCATION);
    return kept;
  }

  /** Refuses storage that is not the server's own: its root, or the place of what is there. */
  private void requireOwn(
      Storage storage, Map<String, String> properties, @Nullable Database existing) {
    if (storage.type().filter(type -> !type.equals(type())).isPresent()) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "storageType '"
              + storage.type().get()
              + "' is not this server's: all catalogs lie in its warehouse, which is "
              + type());
    }
    String root = uri(warehouse().root());
    Optional<String> place = Optional.ofNullable(existing).map(this::location);
    for (String location :
        java.util.stream.Stream.concat(
                storage.locations().stream(),
                Optional.ofNullable(properties.get(LOCATION)).stream())
            .filter(location -> !location.isEmpty())
            .toList()) {
      String asked = uri(location.replaceFirst("/+$", "").replaceFirst("^file:/+", "/"));
      if (!asked.equals(root) && place.filter(asked::equals).isEmpty()) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "the location is not this server's: it places the files of all catalogs itself, below "
                + root
                + "; leave the location out or give that");
      }
    }
  }
}
