package dev.polder.metastore.quota;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.quota.QuotaField.Kind;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of databases and of tenants in them. Budgets of children never exceed their parent's;
 * a change that would is refused. Every change moves the grants epoch. Bound to one transaction;
 * those that write follow one another, so that what was checked holds.
 */
public final class QuotaStore {
  /** Databases of their own, so to speak: the limits of all, and what holds where none was set. */
  private static final long CEILING = -1;

  private static final long DEFAULTS = -2;
  private static final List<QuotaField> FIELDS = List.of(QuotaField.values());
  private static final String COLUMNS =
      FIELDS.stream().map(QuotaField::key).collect(Collectors.joining(", "));
  private static final String OF_DATABASE = "";

  private final Transaction tx;

  public QuotaStore(Transaction tx) {
    this.tx = tx;
  }

  /** The limits of everything together, as the servers' configuration has them. */
  public Quota ceiling() {
    return row(CEILING, OF_DATABASE);
  }

  /** What databases have that set nothing themselves, as the servers' configuration has it. */
  public Quota defaults() {
    return row(DEFAULTS, OF_DATABASE);
  }

  /** Takes over a server's configuration; false: all servers have the same already. */
  public boolean configure(Quota ceiling, Quota defaults) {
    boolean changes = !ceiling.equals(ceiling()) || !defaults.equals(defaults());
    if (changes) {
      write(CEILING, OF_DATABASE, ceiling);
      write(DEFAULTS, OF_DATABASE, defaults);
    }
    return changes;
  }

  /** What a database has, defaults included. */
  public Quota of(DatabaseId database) {
    return defaults().with(own(database));
  }

  /** What was set for a database. */
  public Quota own(DatabaseId database) {
    return row(database.value(), OF_DATABASE);
  }

  /** What was set for a tenant in a database. */
  public Quota of(SpaceKey space) {
    return row(space.database().value(), space.tenant().value());
  }

  /** What was set for tenants of a database, those that are not there any more included. */
  public Map<TenantId, Quota> tenants(DatabaseId database) {
    Map<TenantId, Quota> all = new LinkedHashMap<>();
    tx.sql()
        .list(
            "SELECT tenant, "
                + COLUMNS
                + " FROM quota WHERE database_id = ? AND tenant <> '' ORDER BY tenant",
            row -> Map.entry(new TenantId(row.text()), quota(row)),
            database)
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return Collections.unmodifiableMap(all);
  }

  /**
   * Sets some fields of a database's quota and leaves the others.
   *
   * @throws dev.polder.model.PolderException QUOTA_OVERCOMMIT
   */
  public QuotaChange set(DatabaseId database, Quota changes) {
    Quota before = of(database);
    write(database.value(), OF_DATABASE, own(database).with(changes));
    Quota after = of(database);
    Overcommit overcommit = new Overcommit(name(database));
    Map<DatabaseId, Quota> all = databases();
    Map<TenantId, Quota> tenants = tenants(database);
    for (QuotaField field : changes.values().keySet()) {
      if (field.kind() == Kind.BUDGET) {
        overcommit.parent(field, after.get(field), sum(tenants.values(), field));
        overcommit.child(
            field,
            before.get(field),
            after.get(field),
            sum(all.values(), field),
            ceiling().get(field));
      }
    }
    return new QuotaChange(before, after);
  }

  /**
   * Sets some fields of a tenant's quota in a database and leaves the others.
   *
   * @throws dev.polder.model.PolderException QUOTA_OVERCOMMIT
   */
  public QuotaChange set(SpaceKey space, Quota changes) {
    Quota before = of(space);
    Quota after = before.with(changes);
    write(space.database().value(), space.tenant().value(), after);
    Overcommit overcommit = new Overcommit(name(space.database()));
    Quota parent = of(space.database());
    Map<TenantId, Quota> tenants = tenants(space.database());
    for (QuotaField field : changes.values().keySet()) {
      if (field.kind() == Kind.BUDGET) {
        overcommit.tenant(
            field,
            space.tenant(),
            before.get(field),
            after.get(field),
            sum(tenants.values(), field),
            parent.get(field));
      }
    }
    return new QuotaChange(before, after);
  }

  /**
   * Makes sure that a database that came, or came back, fits with its limits below those of all.
   *
   * @throws dev.polder.model.PolderException QUOTA_OVERCOMMIT
   */
  public void requireFits(DatabaseId database) {
    Quota ceiling = ceiling();
    if (ceiling.limitsAnything()) {
      Overcommit overcommit = new Overcommit(name(database));
      Map<DatabaseId, Quota> all = databases();
      Quota its = of(database);
      for (QuotaField field : FIELDS) {
        if (field.kind() == Kind.BUDGET) {
          overcommit.child(field, 0, its.get(field), sum(all.values(), field), ceiling.get(field));
        }
      }
    }
    tx.grants().changed();
  }

  /**
   * What was promised when the limits above it were higher: each new promise is held to them, but
   * lowering them in the configuration asks nobody.
   *
   * @param instance what one instance can have at most
   */
  public List<Overpromise> overpromised(Quota instance) {
    List<Overpromise> all = new ArrayList<>();
    Quota ceiling = ceiling();
    Map<DatabaseId, Quota> databases = databases();
    for (QuotaField field : FIELDS) {
      if (field.kind() == Kind.BUDGET) {
        add(all, "all databases", field, sum(databases.values(), field), ceiling.get(field));
      }
    }
    databases.forEach((id, quota) -> {
      String database = "database " + name(id);
      Map<TenantId, Quota> tenants = tenants(id);
      for (QuotaField field : FIELDS) {
        if (field.kind() == Kind.BUDGET) {
          add(all, database, field, sum(tenants.values(), field), quota.get(field));
          tenants.forEach((tenant, its) ->
              add(
                  all,
                  "an instance of tenant '" + tenant + "' in " + database,
                  field,
                  its.get(field),
                  instance.get(field)));
          if (tenants.isEmpty()) {
            add(all, "an instance of " + database, field, own(id).get(field), instance.get(field));
          }
        }
      }
    });
    return all;
  }

  private static void add(
      List<Overpromise> all, String who, QuotaField field, long promised, long limit) {
    if (limit > 0 && promised > limit) {
      all.add(new Overpromise(who, field, promised, limit));
    }
  }

  /** Why a tenant cannot take its quota and its storage with it into another database. */
  public Optional<String> moveRefusal(SpaceKey from, DatabaseId to) {
    Quota moved = of(from);
    SpaceKey target = new SpaceKey(to, from.tenant());
    Quota parent = of(to);
    Map<TenantId, Quota> tenants = new HashMap<>(tenants(to));
    tenants.put(from.tenant(), moved);
    for (QuotaField field : moved.values().keySet()) {
      long sum = sum(tenants.values(), field);
      if (field.kind() == Kind.BUDGET && parent.limits(field) && sum > parent.get(field)) {
        return Optional.of(
            "with the tenant's "
                + field.key()
                + " its tenants would have "
                + sum
                + " together, and it has "
                + parent.get(field));
      }
    }
    return StorageCheck.overflow(tx, tiers(target).with(tenants), from, target)
        .map(bound -> "the tenant's storage would not fit: " + bound.words());
  }

  /** Lets a tenant's quota go with it into another database, where it has none any more. */
  public void move(SpaceKey from, DatabaseId to) {
    Quota moved = of(from);
    forget(from);
    SpaceKey target = new SpaceKey(to, from.tenant());
    forget(target);
    if (!moved.values().isEmpty()) {
      set(target, moved);
    }
  }

  /** A tenant has left the database. */
  public void forget(SpaceKey space) {
    tx.sql()
        .update(
            "DELETE FROM quota WHERE database_id = ? AND tenant = ?",
            space.database(),
            space.tenant());
    tx.grants().changed();
  }

  /** All that limits a space. */
  public QuotaView view(SpaceKey space) {
    Tiers tiers = tiers(space);
    Map<QuotaField, List<QuotaBound>> all = new EnumMap<>(QuotaField.class);
    for (QuotaField field : FIELDS) {
      if (field.kind() != Kind.SHARE) {
        all.put(field, tiers.bounds(field));
      }
    }
    return new QuotaView(tx.grants().epoch(), space, tiers.database(), all);
  }

  /** The limits of one kind that hold for a space, the tenant's first. */
  List<QuotaBound> bounds(SpaceKey space, QuotaField field) {
    return tx.sql().exists("SELECT 1 FROM quota WHERE " + field.key() + " > 0 LIMIT 1")
        ? tiers(space).bounds(field)
        : List.of();
  }

  private Tiers tiers(SpaceKey space) {
    Quota ceiling = ceiling();
    return new Tiers(
        space,
        name(space.database()),
        ceiling,
        of(space.database()),
        ceiling.limitsAnything() ? databases() : Map.of(),
        tenants(space.database()));
  }

  /** The live databases with what they have, defaults included. */
  private Map<DatabaseId, Quota> databases() {
    Quota defaults = defaults();
    Map<DatabaseId, Quota> all = new HashMap<>();
    tx.sql()
        .list(
            "SELECT d.id, "
                + COLUMNS
                + " FROM database_ d LEFT JOIN quota q ON q.database_id = d.id AND q.tenant = ''"
                + " WHERE d.dropped_at IS NULL",
            row -> Map.entry(new DatabaseId(row.integer()), defaults.with(quota(row))))
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  private DatabaseName name(DatabaseId database) {
    return tx.databases().get(database).name();
  }

  private Quota row(long database, String tenant) {
    return tx.sql()
        .one(
            "SELECT " + COLUMNS + " FROM quota WHERE database_id = ? AND tenant = ?",
            QuotaStore::quota,
            database,
            tenant)
        .orElse(Quota.NONE);
  }

  private void write(long database, String tenant, Quota quota) {
    tx.grants().changed();
    List<@Nullable Object> values = new ArrayList<>(Arrays.asList(database, tenant));
    for (QuotaField field : FIELDS) {
      values.add(quota.values().get(field));
    }
    tx.sql()
        .update(
            "INSERT INTO quota (database_id, tenant, "
                + COLUMNS
                + ") VALUES (?, ?"
                + ", ?".repeat(FIELDS.size())
                + ") ON CONFLICT (database_id, tenant) DO UPDATE SET "
                + FIELDS.stream()
                    .map(field -> field.key() + " = excluded." + field.key())
                    .collect(Collectors.joining(", ")),
            values.toArray());
  }

  private static Quota quota(Row row) throws SQLException {
    Map<QuotaField, Long> values = new EnumMap<>(QuotaField.class);
    for (QuotaField field : FIELDS) {
      row.optionalInteger().ifPresent(value -> values.put(field, value));
    }
    return new Quota(values);
  }

  /** No more than a long holds, however many there are. */
  static long sum(Iterable<Quota> quotas, QuotaField field) {
    long sum = 0;
    for (Quota quota : quotas) {
      long value = quota.get(field);
      sum = value > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + value;
    }
    return sum;
  }
}
