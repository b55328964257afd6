package dev.polder.sql.bind;

import dev.polder.sql.analyse.ColumnUse;
import dev.polder.sql.authorise.AuthorizedPolicies;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a binding reads from sources. For one binding and those inside of it. */
final class RemoteScans {
  private final List<RemoteScan> scans = new ArrayList<>();

  List<RemoteScan> all() {
    return List.copyOf(scans);
  }

  /**
   * The text that stands for a reference to a table of a source.
   *
   * @param conditions what the source may leave rows out by, of columns of relation 0
   * @param filter the row filters' condition; null for none
   * @param masks expressions by the column's position from 1
   */
  String read(
      ResolvedReference.Remote remote,
      List<RemoteExpression> conditions,
      @Nullable String filter,
      List<Optional<String>> masks) {
    List<RemoteColumn> shown =
        remote.table().columns().stream()
            .filter(remote::readable)
            .filter(column -> used(remote.reference().columns(), column))
            .toList();
    boolean plain = filter == null && masks.stream().allMatch(Optional::isEmpty);
    if (remote.source().attachedByDuck()) {
      return attached(remote, filter, masks, plain);
    }
    List<RemoteColumn> fetched = plain ? atLeastOne(remote, shown) : remote.table().columns();
    RemoteScan scan =
        new RemoteScan(
            "f" + scans.size(),
            remote.source(),
            RemoteQuery.scan(remote.table(), fetched, conditions),
            plain
                ? Optional.empty()
                : Optional.of(
                    new RemoteScan.Policies(
                        list(remote, atLeastOne(remote, shown), masks),
                        Optional.ofNullable(filter))));
    scans.add(scan);
    return scan.reference();
  }

  /** DuckDB reads it itself; policies stand behind a barrier, as they do on views. */
  private static String attached(
      ResolvedReference.Remote remote,
      @Nullable String filter,
      List<Optional<String>> masks,
      boolean plain) {
    String name =
        SqlNames.quote(remote.source().alias())
            + "."
            + SqlNames.quote(remote.table().schema())
            + "."
            + SqlNames.quote(remote.table().name());
    if (plain && remote.columns().isEmpty()) {
      return name;
    }
    List<RemoteColumn> readable =
        remote.table().columns().stream().filter(remote::readable).toList();
    String select =
        "SELECT "
            + list(remote, readable, masks)
            + " FROM "
            + name
            + " AS t"
            + (filter == null ? "" : " WHERE (" + filter + "\n)");
    return plain
        ? "(" + select + ")"
        : "(WITH rows_ AS MATERIALIZED (" + select + ") SELECT * FROM rows_)";
  }

  private static String list(
      ResolvedReference.Remote remote, List<RemoteColumn> columns, List<Optional<String>> masks) {
    return columns.stream()
        .map(column -> {
          String name = SqlNames.quote(column.name());
          return masks
              .get(remote.table().columns().indexOf(column))
              .map(mask -> "CAST((" + mask + "\n) AS " + column.type() + ") AS " + name)
              .orElse(name);
        })
        .collect(Collectors.joining(", "));
  }

  /** Rows without any column cannot be handed over. */
  private static List<RemoteColumn> atLeastOne(
      ResolvedReference.Remote remote, List<RemoteColumn> columns) {
    return columns.isEmpty()
        ? remote.table().columns().stream().filter(remote::readable).limit(1).toList()
        : columns;
  }

  private static boolean used(ColumnUse use, RemoteColumn column) {
    return switch (use) {
      case ColumnUse.All() -> true;
      case ColumnUse.Named(var names) -> names.contains(column.name().toLowerCase(Locale.ROOT));
    };
  }

  /** The masks of a table's columns, in their order. */
  static List<Optional<String>> masks(
      ResolvedReference.Remote remote, Function<AuthorizedPolicies.Expression, String> written) {
    List<Optional<String>> masks = new ArrayList<>();
    for (int i = 1; i <= remote.table().columns().size(); i++) {
      Optional<AuthorizedPolicies.Expression> mask = remote.policies().masks().get(i);
      masks.add(mask == null ? Optional.empty() : Optional.of(mask.map(written).orElse("NULL")));
    }
    return masks;
  }
}
