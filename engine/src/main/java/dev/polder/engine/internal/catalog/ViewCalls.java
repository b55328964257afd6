package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.NamePage;
import dev.polder.engine.catalog.TableUpdate;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.Views;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.TableRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewRepresentation;
import org.apache.iceberg.view.ViewVersion;

/**
 * Views of a space for one principal. A view reads with its owner's rights here, so whoever writes
 * its text becomes its owner, whatever the client says. Thread-safe.
 */
record ViewCalls(CatalogScope scope) {
  NamePage<TableIdentifier> list(Namespace namespace, Optional<String> after, int limit) {
    return TableCalls.list(scope, CollectionKind.VIEW, namespace, after, limit);
  }

  ViewMetadata load(TableIdentifier name) {
    return scope.read(
        "LOAD VIEW",
        name.toString(),
        (tx, access) -> {
          LakeCollection view =
              TableCalls.find(scope, tx, access, name, CollectionKind.VIEW)
                  .orElseThrow(() -> Sentences.noView(name));
          access
              .onCollection(Privilege.SELECT, view.schema(), view.id(), view.ref().toString())
              .require();
          new ViewReads(scope).requireUnrestricted(tx, access, view);
          return lake().metadataFiles().view(view);
        });
  }

  ViewMetadata create(
      TableIdentifier name,
      Optional<String> location,
      Schema schema,
      ViewVersion version,
      Map<String, String> properties) {
    TableRef ref = NamespaceNames.ref(name);
    requireTexts(version);
    LakeCollection fresh = TableCalls.fresh(scope, ref, CollectionKind.VIEW);
    Map<String, String> owned = new HashMap<>(properties);
    owned.put(Views.OWNER, scope.identity().id().value());
    ViewMetadata metadata;
    try {
      metadata =
          ViewMetadata.builder()
              .assignUUID(fresh.uuid().toString())
              .setLocation(location.filter(lake().warehouse()::isExternal).orElse(fresh.location()))
              .setProperties(owned)
              .setCurrentVersion(version, schema)
              .build();
    } catch (IllegalArgumentException | ValidationException e) {
      throw Sentences.invalid(e);
    }
    return scope.audited(
        "CREATE VIEW",
        ref.toString(),
        () ->
            lake()
                .updates()
                .commitView(
                    fresh, true, metadata, scope.note("CREATE VIEW " + ref, scope.created(fresh)))
                .orElseThrow(
                    () -> Sentences.exists(CollectionKind.VIEW, CollectionKind.VIEW, ref)));
  }

  ViewMetadata commit(TableUpdate update) {
    TableRef ref = NamespaceNames.ref(update.name());
    LakeCollection view =
        scope.read(
            "UPDATE VIEW",
            ref.toString(),
            (tx, access) -> {
              LakeCollection found =
                  TableCalls.find(scope, tx, access, update.name(), CollectionKind.VIEW)
                      .orElseThrow(() -> Sentences.noView(update.name()));
              access
                  .onCollection(Privilege.ALTER, found.schema(), found.id(), ref.toString())
                  .require();
              new ViewReads(scope).requireUnrestricted(tx, access, found);
              return found;
            });
    ViewMetadata base = lake().metadataFiles().view(view);
    ViewMetadata built = apply(ref, update, base);
    return scope.audited(
        "UPDATE VIEW",
        ref.toString(),
        () ->
            lake()
                .updates()
                .commitView(view, false, built, scope.note("UPDATE VIEW " + ref))
                .orElseThrow(() ->
                    new PolderException(
                        ErrorCode.TRANSACTION_CONFLICT,
                        "Cannot commit: view "
                            + ref
                            + " was changed by another commit; load it"
                            + " and try again")));
  }

  private ViewMetadata apply(TableRef ref, TableUpdate update, ViewMetadata base) {
    try {
      update.requirements().forEach(requirement -> requirement.validate(base));
      ViewMetadata.Builder builder = ViewMetadata.buildFrom(base);
      update.updates().forEach(one -> one.applyTo(builder));
      builder.setProperties(Map.of(Views.OWNER, scope.identity().id().value()));
      ViewMetadata built = builder.build();
      requireTexts(built.currentVersion());
      if (!built.uuid().equals(base.uuid())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER, "the UUID of " + ref + " cannot be changed");
      }
      if (!built.location().equals(base.location())
          && !lake().warehouse().isExternal(built.location())) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "the location of " + ref + " cannot be changed: its files are the server's to place");
      }
      return built;
    } catch (CommitFailedException e) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          e.getMessage() + " (view " + ref + "; load it and try again)",
          e);
    } catch (IllegalArgumentException
        | IllegalStateException
        | ValidationException
        | UnsupportedOperationException e) {
      throw Sentences.invalid(e);
    }
  }

  private void requireTexts(ViewVersion version) {
    for (ViewRepresentation representation : version.representations()) {
      if (!(representation instanceof SQLViewRepresentation)) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "a view's representations must be of the type 'sql', not '"
                + representation.type()
                + "'");
      }
    }
    requireReadsOwn(version);
  }

  /** Nobody looks at the text before it is read, and then it reads with all its owner's rights. */
  private void requireReadsOwn(ViewVersion version) {
    boolean readHere =
        version.representations().stream()
            .anyMatch(text ->
                text instanceof SQLViewRepresentation sql
                    && sql.dialect().equalsIgnoreCase(Views.DIALECT));
    if (readHere && !scope.identity().scope().isWhole()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "a token for some roles writes no view in the dialect '"
              + Views.DIALECT
              + "', which would read with all rights of "
              + scope.identity().name()
              + "; use CREATE VIEW, or a token with the scope PRINCIPAL_ROLE:ALL");
    }
  }

  /** Makes a view with the text of one that this database has or had. */
  ViewMetadata register(Namespace namespace, String name, String metadataLocation) {
    TableIdentifier identifier = TableIdentifier.of(namespace, name);
    TableRef ref = NamespaceNames.ref(identifier);
    LakeCollection version =
        scope.read(
            "REGISTER VIEW",
            ref.toString(),
            (tx, access) -> {
              scope.creatable(tx, access, ref.schema());
              TableCalls.requireFree(scope, tx, ref, CollectionKind.VIEW);
              LakeCollection found =
                  tx.collections()
                      .withMetadata(scope.space(), metadataLocation)
                      .map(LakeCollection::of)
                      .filter(LakeCollection::isView)
                      .filter(view -> access.visible(view.schema(), view.id()))
                      .orElseThrow(() ->
                          new PolderException(
                              ErrorCode.INVALID_PARAMETER,
                              metadataLocation
                                  + " is no metadata file of a view that this database has or had"
                                  + " and that you may read"));
              access
                  .onCollection(
                      Privilege.SELECT, found.schema(), found.id(), found.ref().toString())
                  .require();
              new ViewReads(scope).requireUnrestricted(tx, access, found);
              return found;
            });
    ViewMetadata metadata = lake().metadataFiles().view(version);
    return create(
        identifier,
        Optional.empty(),
        metadata.schema(),
        metadata.currentVersion(),
        metadata.properties());
  }

  ViewMetadata asOf(TableIdentifier name, long seq) {
    return lake().metadataFiles().view(TableCalls.asOf(scope, name, seq, CollectionKind.VIEW));
  }

  void drop(TableIdentifier name) {
    TableCalls.drop(scope, name, CollectionKind.VIEW);
  }

  void rename(TableIdentifier from, TableIdentifier to) {
    TableCalls.rename(scope, from, to, CollectionKind.VIEW);
  }

  private Lake lake() {
    return scope.engine().lake();
  }
}
