package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.AccessMode;
import dev.polder.engine.catalog.Signature;
import dev.polder.engine.catalog.TableAccess;
import dev.polder.engine.internal.delegation.DelegationTrail;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.delegation.CredentialVendor;
import dev.polder.lake.delegation.Reach;
import dev.polder.lake.delegation.RequestSigner;
import dev.polder.lake.delegation.SignedRequest;
import dev.polder.lake.delegation.StorageDelegation;
import dev.polder.lake.delegation.StoreRequest;
import dev.polder.lake.delegation.TemporaryCredentials;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Schema;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.TableRef;
import dev.polder.policy.Access;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.ResourcePaths;
import org.apache.iceberg.rest.credentials.Credential;
import org.apache.iceberg.rest.credentials.ImmutableCredential;
import org.apache.iceberg.rest.requests.RemoteSignRequest;
import org.apache.iceberg.rest.responses.ImmutableRemoteSignResponse;

/**
 * Lets one principal's engines at the files of tables. The rights are read anew each time, also
 * before keys that are there already are given out again. Thread-safe.
 */
record AccessCalls(CatalogScope scope, DelegationTrail trail) {
  /** How long an engine may take from the staging of a table to its commit. */
  private static final Duration STAGED = Duration.ofHours(24);

  /** Fails if the store has none of the ways in which the client could be let at files. */
  void requireMode(Set<AccessMode> modes) {
    if (!modes.isEmpty() && !storage().isNone()) {
      var _ = mode(modes, false);
    }
  }

  TableAccess access(TableIdentifier name, Set<AccessMode> modes) {
    if (modes.isEmpty() || storage().isNone()) {
      return TableAccess.NONE;
    }
    return scope
        .read("LOAD TABLE", name.toString(), (tx, access) -> reach(tx, access, name))
        .map(reach -> given(name, reach, modes))
        .orElse(TableAccess.NONE);
  }

  /** Notes a place that {@link TableCalls#stage} gave out, and lets at it whoever was given it. */
  TableAccess accessStaged(TableIdentifier name, TableMetadata staged, Set<AccessMode> modes) {
    Optional<Reach> reach = reach(List.of(staged.location()), Set.of(), true);
    if (modes.isEmpty() || storage().isNone() || reach.isEmpty()) {
      return TableAccess.NONE;
    }
    TableRef ref = NamespaceNames.ref(name);
    var _ =
        scope.write(
            "CREATE TABLE",
            ref.toString(),
            (tx, access) -> {
              Schema schema = scope.creatable(tx, access, ref.schema());
              tx.stagedTables()
                  .add(staged.location(), schema.id(), ref.key(), scope.identity().id(), since(tx));
              return true;
            });
    return given(name, reach.get(), modes);
  }

  /** New keys for an engine whose old ones end. */
  List<Credential> credentials(TableIdentifier name) {
    Optional<Reach> reach =
        scope.read("LOAD CREDENTIALS", name.toString(), (tx, access) -> anyReach(tx, access, name));
    if (storage().isNone()) {
      return List.of();
    }
    return reach
        .map(files -> given(name, files, Set.of(AccessMode.VENDED_CREDENTIALS)).credentials())
        .orElse(List.of());
  }

  Signature sign(TableIdentifier name, RemoteSignRequest request) {
    RequestSigner signer =
        storage()
            .signer()
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.NOT_SUPPORTED,
                    "nothing is signed for the warehouse's store"
                        + (storage().isNone()
                            ? ", a local directory"
                            : ": send 'X-Iceberg-Access-Delegation: vended-credentials'")));
    StoreRequest asked = new StoreRequest(request.method(), request.uri(), request.headers());
    try {
      SignedRequest signed =
          scope.audited("SIGN", name.toString(), () -> signed(signer, name, asked));
      trail.signed(scope.identity(), scope.space(), shown(name), signed.writes());
      return new Signature(
          ImmutableRemoteSignResponse.builder().uri(signed.uri()).headers(signed.headers()).build(),
          !signed.writes());
    } catch (PolderException e) {
      trail.refused();
      throw e;
    }
  }

  private SignedRequest signed(RequestSigner signer, TableIdentifier name, StoreRequest request) {
    Reach reach =
        scope
            .uncounted((tx, access) -> anyReach(tx, access, name))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.ACCESS_DENIED,
                    "the files of "
                        + name
                        + " lie in an external location, which the server opens to nobody"));
    return signer.sign(reach, request);
  }

  private TableAccess given(TableIdentifier name, Reach reach, Set<AccessMode> modes) {
    return switch (mode(modes, reach.writes())) {
      case VENDED_CREDENTIALS -> vended(name, reach);
      case REMOTE_SIGNING -> signing(name, reach);
    };
  }

  /**
   * Keys that cannot write are no use to who writes, if the client can have its requests signed.
   */
  private AccessMode mode(Set<AccessMode> modes, boolean writes) {
    Optional<CredentialVendor> vendor = storage().vendor();
    boolean signs = modes.contains(AccessMode.REMOTE_SIGNING) && storage().signer().isPresent();
    if (modes.contains(AccessMode.VENDED_CREDENTIALS)
        && vendor.filter(it -> it.writes() || !writes || !signs).isPresent()) {
      return AccessMode.VENDED_CREDENTIALS;
    }
    if (signs) {
      return AccessMode.REMOTE_SIGNING;
    }
    throw new PolderException(
        ErrorCode.NOT_SUPPORTED,
        (vendor.isEmpty()
                ? "the warehouse's store gives no temporary credentials (warehouse.s3.sts.role-arn"
                    + " is not set): send 'X-Iceberg-Access-Delegation: remote-signing'"
                : "requests to the warehouse's store are not signed: send"
                    + " 'X-Iceberg-Access-Delegation: vended-credentials'")
            + ", or without that header use keys of your own");
  }

  private TableAccess vended(TableIdentifier name, Reach reach) {
    CredentialVendor vendor = storage().vendor().orElseThrow();
    TemporaryCredentials keys = vendor.vend(reach, scope.identity().name() + "-" + shown(name));
    boolean writes = reach.writes() && vendor.writes();
    trail.vended(scope.identity(), scope.space(), shown(name), writes);
    Map<String, String> config = new HashMap<>(keys.config());
    config.put(vendor.refreshProperty(), paths().table(name) + "/credentials");
    return new TableAccess(
        config,
        List.of(ImmutableCredential.builder().prefix(keys.prefix()).config(config).build()),
        "vended " + writes + " " + keys.prefix() + " " + keys.expiresAt());
  }

  private TableAccess signing(TableIdentifier name, Reach reach) {
    Map<String, String> config = new HashMap<>(storage().client());
    config.put("s3.remote-signing-enabled", "true");
    // Newer clients know the path; those before 1.12, and Python's, have to be told.
    config.put("s3.signer.endpoint", paths().remoteSign(name));
    return new TableAccess(config, List.of(), "signing " + reach.writes());
  }

  private ResourcePaths paths() {
    return ResourcePaths.forCatalogProperties(Map.of("prefix", LocalCatalogService.prefix(scope)));
  }

  private static String shown(TableIdentifier name) {
    return NamespaceNames.ref(name).toString();
  }

  /** Of the table of that name, or of those that the principal was given places for. */
  private Optional<Reach> anyReach(MetastoreTransaction tx, Access access, TableIdentifier name) {
    if (TableCalls.find(scope, tx, access, name, CollectionKind.TABLE).isPresent()) {
      return reach(tx, access, name);
    }
    TableRef ref = NamespaceNames.ref(name);
    List<String> staged =
        tx.schemas()
            .find(scope.space(), ref.schema())
            .filter(schema ->
                access.onSchema(Privilege.CREATE, schema.id(), ref.schema().value()).allowed())
            .map(schema ->
                tx.stagedTables()
                    .locations(schema.id(), ref.key(), scope.identity().id(), since(tx)))
            .orElse(List.of());
    if (staged.isEmpty()) {
      throw Sentences.noTable(name);
    }
    return reach(staged, Set.of(), true);
  }

  private Optional<Reach> reach(MetastoreTransaction tx, Access access, TableIdentifier name) {
    LakeCollection table = TableCalls.readable(scope, tx, access, name);
    boolean writes =
        tx.mirrors().active(scope.space().database()).isEmpty()
            && Stream.of(Privilege.INSERT, Privilege.DELETE)
                .anyMatch(privilege ->
                    access
                        .onCollection(privilege, table.schema(), table.id(), table.ref().toString())
                        .allowed());
    return reach(List.of(table.location()), tx.collections().originLocations(table.id()), writes);
  }

  /** Empty where the files lie outside of the warehouse: those are not the server's to open. */
  private Optional<Reach> reach(List<String> own, Set<String> origins, boolean writes) {
    String tenant = scope.engine().lake().warehouse().tenantRoot(scope.space()) + "/";
    if (!own.stream().allMatch(location -> location.startsWith(tenant))) {
      return Optional.empty();
    }
    return Optional.of(
        new Reach(
            own.stream().map(location -> location + "/").toList(),
            origins.stream()
                .filter(location -> location.startsWith(tenant) && !own.contains(location))
                .map(location -> location + "/")
                .toList(),
            writes));
  }

  private static long since(MetastoreTransaction tx) {
    return tx.now() - TimeUnit.NANOSECONDS.toMicros(STAGED.toNanos());
  }

  private StorageDelegation storage() {
    return scope.engine().lake().warehouse().delegation();
  }
}
