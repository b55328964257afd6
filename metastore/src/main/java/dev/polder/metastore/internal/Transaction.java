package dev.polder.metastore.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.CredentialStore;
import dev.polder.metastore.access.DatabaseGrantStore;
import dev.polder.metastore.access.GrantStore;
import dev.polder.metastore.access.GroupStore;
import dev.polder.metastore.access.IdentityProviderStore;
import dev.polder.metastore.access.PolicyStore;
import dev.polder.metastore.access.PrincipalStore;
import dev.polder.metastore.access.PropertyStore;
import dev.polder.metastore.access.RoleStore;
import dev.polder.metastore.access.TokenStore;
import dev.polder.metastore.audit.AuditStore;
import dev.polder.metastore.catalog.CollectionStore;
import dev.polder.metastore.catalog.DatabaseStore;
import dev.polder.metastore.catalog.SchemaStore;
import dev.polder.metastore.catalog.SpaceStore;
import dev.polder.metastore.catalog.StagedTableStore;
import dev.polder.metastore.catalog.TenantStore;
import dev.polder.metastore.collect.CollectStore;
import dev.polder.metastore.collect.PurgeStore;
import dev.polder.metastore.collect.ServerStore;
import dev.polder.metastore.commit.CommitStore;
import dev.polder.metastore.commit.OutboxStore;
import dev.polder.metastore.commit.StorageStore;
import dev.polder.metastore.idempotency.IdempotencyStore;
import dev.polder.metastore.job.JobStore;
import dev.polder.metastore.job.SettingStore;
import dev.polder.metastore.lineage.ChangeStore;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.HistoryStore;
import dev.polder.metastore.lineage.LineageStore;
import dev.polder.metastore.lineage.MoveStore;
import dev.polder.metastore.lineage.RestoreStore;
import dev.polder.metastore.lineage.RewriteStore;
import dev.polder.metastore.lineage.TakeoverStore;
import dev.polder.metastore.mirror.ClusterStore;
import dev.polder.metastore.mirror.FollowerStore;
import dev.polder.metastore.mirror.LocalMirrorStore;
import dev.polder.metastore.mirror.MirrorStore;
import dev.polder.metastore.mirror.OfferStore;
import dev.polder.metastore.mirror.StagedStore;
import dev.polder.metastore.quota.QuotaStore;
import dev.polder.metastore.quota.ServerUseStore;
import dev.polder.metastore.source.SourcePolicyStore;
import dev.polder.metastore.source.SourceStore;
import dev.polder.model.DatabaseId;
import dev.polder.model.IdSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** One transaction on one connection. Not thread-safe. */
public final class Transaction implements MetastoreTransaction {
  private final Sql sql;
  private final long now;
  private final IdSource ids;
  private final Set<DatabaseId> committed = new LinkedHashSet<>();
  private boolean changed;
  private OptionalLong grantsEpoch = OptionalLong.empty();

  Transaction(Sql sql, long now, IdSource ids) {
    this.sql = sql;
    this.now = now;
    this.ids = ids;
  }

  /** The statements of this transaction's connection. */
  public Sql sql() {
    return sql;
  }

  /** Notes that the database has another newest commit. */
  public void committed(DatabaseId database) {
    committed.add(database);
    changed = true;
  }

  /** Notes that something changed that others may wait for. */
  public void changed() {
    changed = true;
  }

  /** The grants epoch, read once: several decisions of one transaction ask for it. */
  public long grantsEpoch() {
    if (grantsEpoch.isEmpty()) {
      grantsEpoch =
          OptionalLong.of(sql.number("SELECT value FROM counter WHERE name = 'grants_epoch'"));
    }
    return grantsEpoch.getAsLong();
  }

  /** Moves the grants epoch. */
  public void moveGrantsEpoch() {
    changed();
    grantsEpoch = OptionalLong.empty();
    sql.update("UPDATE counter SET value = value + 1 WHERE name = 'grants_epoch'");
  }

  boolean hasChanged() {
    return changed;
  }

  /** What belongs to the transaction and must come last. */
  void finish() {
    if (!committed.isEmpty()) {
      localMirrors().followSynchronously(List.copyOf(committed));
    }
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public UUID newId() {
    return ids.next();
  }

  @Override
  public TenantStore tenants() {
    return new TenantStore(this);
  }

  @Override
  public PrincipalStore principals() {
    return new PrincipalStore(this);
  }

  @Override
  public GroupStore groups() {
    return new GroupStore(this);
  }

  @Override
  public RoleStore roles() {
    return new RoleStore(this);
  }

  @Override
  public PropertyStore properties() {
    return new PropertyStore(this);
  }

  @Override
  public GrantStore grants() {
    return new GrantStore(this);
  }

  @Override
  public DatabaseGrantStore databaseGrants() {
    return new DatabaseGrantStore(this);
  }

  @Override
  public PolicyStore policies() {
    return new PolicyStore(this);
  }

  @Override
  public TokenStore tokens() {
    return new TokenStore(this);
  }

  @Override
  public CredentialStore credentials() {
    return new CredentialStore(this);
  }

  @Override
  public IdentityProviderStore identityProviders() {
    return new IdentityProviderStore(this);
  }

  @Override
  public DatabaseStore databases() {
    return new DatabaseStore(this);
  }

  @Override
  public SpaceStore spaces() {
    return new SpaceStore(this);
  }

  @Override
  public SchemaStore schemas() {
    return new SchemaStore(this);
  }

  @Override
  public CollectionStore collections() {
    return new CollectionStore(this);
  }

  @Override
  public StagedTableStore stagedTables() {
    return new StagedTableStore(this);
  }

  @Override
  public CommitStore commits() {
    return new CommitStore(this);
  }

  @Override
  public StorageStore storage() {
    return new StorageStore(this);
  }

  @Override
  public HistoryStore history() {
    return new HistoryStore(this);
  }

  @Override
  public LineageStore lineage() {
    return new LineageStore(this);
  }

  @Override
  public CutStore cuts() {
    return new CutStore(this);
  }

  @Override
  public ChangeStore changes() {
    return new ChangeStore(this);
  }

  @Override
  public TakeoverStore takeovers() {
    return new TakeoverStore(this);
  }

  @Override
  public MirrorStore mirrors() {
    return new MirrorStore(this);
  }

  @Override
  public LocalMirrorStore localMirrors() {
    return new LocalMirrorStore(this);
  }

  @Override
  public FollowerStore followers() {
    return new FollowerStore(this);
  }

  @Override
  public OfferStore offers() {
    return new OfferStore(this);
  }

  @Override
  public StagedStore staged() {
    return new StagedStore(this);
  }

  @Override
  public ClusterStore clusters() {
    return new ClusterStore(this);
  }

  @Override
  public RestoreStore restores() {
    return new RestoreStore(this);
  }

  @Override
  public MoveStore moves() {
    return new MoveStore(this);
  }

  @Override
  public CollectStore collect() {
    return new CollectStore(this);
  }

  @Override
  public PurgeStore purges() {
    return new PurgeStore(this);
  }

  @Override
  public ServerStore servers() {
    return new ServerStore(this);
  }

  @Override
  public RewriteStore rewrites() {
    return new RewriteStore(this);
  }

  @Override
  public QuotaStore quotas() {
    return new QuotaStore(this);
  }

  @Override
  public ServerUseStore serverUse() {
    return new ServerUseStore(this);
  }

  @Override
  public SourceStore sources() {
    return new SourceStore(this);
  }

  @Override
  public SourcePolicyStore sourcePolicies() {
    return new SourcePolicyStore(this);
  }

  @Override
  public OutboxStore outbox() {
    return new OutboxStore(this);
  }

  @Override
  public AuditStore audit() {
    return new AuditStore(this);
  }

  @Override
  public IdempotencyStore idempotency() {
    return new IdempotencyStore(this);
  }

  @Override
  public JobStore jobs() {
    return new JobStore(this);
  }

  @Override
  public SettingStore settings() {
    return new SettingStore(this);
  }
}
