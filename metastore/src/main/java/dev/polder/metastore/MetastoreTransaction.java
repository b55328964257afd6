package dev.polder.metastore;

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
import java.util.UUID;

/**
 * The stores, bound to one transaction of a {@link Metastore}. Valid only inside the unit of work
 * that received it. Not thread-safe.
 */
public interface MetastoreTransaction {
  /** The transaction's time in microseconds since the epoch; the same for its whole length. */
  long now();

  UUID newId();

  TenantStore tenants();

  PrincipalStore principals();

  GroupStore groups();

  RoleStore roles();

  PropertyStore properties();

  GrantStore grants();

  DatabaseGrantStore databaseGrants();

  PolicyStore policies();

  TokenStore tokens();

  CredentialStore credentials();

  IdentityProviderStore identityProviders();

  DatabaseStore databases();

  SpaceStore spaces();

  SchemaStore schemas();

  CollectionStore collections();

  StagedTableStore stagedTables();

  CommitStore commits();

  StorageStore storage();

  HistoryStore history();

  LineageStore lineage();

  CutStore cuts();

  ChangeStore changes();

  TakeoverStore takeovers();

  RestoreStore restores();

  MoveStore moves();

  MirrorStore mirrors();

  LocalMirrorStore localMirrors();

  FollowerStore followers();

  OfferStore offers();

  StagedStore staged();

  ClusterStore clusters();

  CollectStore collect();

  PurgeStore purges();

  ServerStore servers();

  RewriteStore rewrites();

  QuotaStore quotas();

  ServerUseStore serverUse();

  SourceStore sources();

  SourcePolicyStore sourcePolicies();

  OutboxStore outbox();

  AuditStore audit();

  IdempotencyStore idempotency();

  JobStore jobs();

  SettingStore settings();
}
