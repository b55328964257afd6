package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.GenericTable;
import dev.polder.engine.catalog.NamePage;
import dev.polder.lake.GenericDefinition;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.TableRef;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** Tables of formats that this server does not read, for one principal. Thread-safe. */
record GenericCalls(CatalogScope scope) {
  private static final CollectionKind KIND = CollectionKind.GENERIC;

  NamePage<TableIdentifier> list(Namespace namespace, Optional<String> after, int limit) {
    return TableCalls.list(scope, KIND, namespace, after, limit);
  }

  GenericTable load(TableIdentifier name) {
    return scope.read(
        "LOAD GENERIC TABLE",
        name.toString(),
        (tx, access) -> {
          LakeCollection table =
              TableCalls.find(scope, tx, access, name, KIND)
                  .orElseThrow(() -> Sentences.none(KIND, name));
          access
              .onCollection(Privilege.SELECT, table.schema(), table.id(), table.ref().toString())
              .require();
          TableRules.requireUnrestricted(access, table);
          return table(name, table);
        });
  }

  private GenericTable table(TableIdentifier name, LakeCollection table) {
    GenericDefinition kept = GenericDefinition.of(lake().metadataFiles().view(table).properties());
    return new GenericTable(
        name, kept.format(), kept.baseLocation(), kept.doc(), kept.properties());
  }

  GenericTable create(GenericTable wanted) {
    TableRef ref = NamespaceNames.ref(wanted.name());
    GenericDefinition definition =
        new GenericDefinition(
            wanted.format(), wanted.baseLocation(), wanted.doc(), wanted.properties());
    definition.baseLocation().ifPresent(this::requireAllowed);
    LakeCollection fresh = TableCalls.fresh(scope, ref, KIND);
    return scope.audited(
        "CREATE GENERIC TABLE",
        ref.toString(),
        () -> {
          var _ =
              lake()
                  .updates()
                  .commitView(
                      fresh,
                      true,
                      definition.metadata(fresh.uuid(), fresh.location()),
                      scope.note("CREATE GENERIC TABLE " + ref, scope.created(fresh)))
                  .orElseThrow(() -> Sentences.exists(KIND, KIND, ref));
          return wanted;
        });
  }

  /** What lies in the warehouse is the server's own, and its collector's to delete. */
  private void requireAllowed(String location) {
    if (!location.contains("/") || !lake().warehouse().isExternal(location)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "base-location must lie below one of the prefixes that iceberg.external-locations"
              + " allows, or be left out");
    }
  }

  GenericTable asOf(TableIdentifier name, long seq) {
    return table(name, TableCalls.asOf(scope, name, seq, KIND));
  }

  void drop(TableIdentifier name) {
    TableCalls.drop(scope, name, KIND);
  }

  private Lake lake() {
    return scope.engine().lake();
  }
}
