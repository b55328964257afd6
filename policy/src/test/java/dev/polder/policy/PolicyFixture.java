package dev.polder.policy;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.SchemaId;
import dev.polder.model.SchemaName;
import dev.polder.model.Secret;
import dev.polder.model.Securable;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.NewUser;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.TenantAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A server's access services on a fresh metastore with an administrator and two tenants. */
@ParameterizedClass
@EnumSource(Store.class)
public abstract class PolicyFixture {
  protected static final PasswordHashing CHEAP = new PasswordHashing(64, 1, 1, 2, 64, 64);
  protected static final Secret API_KEY = Secret.of("a key of enough length");
  protected static final Secret PASSWORD = Secret.of("correct horse battery");
  protected static final TenantId ACME = new TenantId("acme");
  protected static final TenantId GLOBEX = new TenantId("globex");

  @Parameter Store store;
  @TempDir Path directory;
  protected final MutableClock clock = new MutableClock();
  protected String place = "";
  protected Metastore metastore;
  protected AuditLog audit;
  protected Authenticator authenticator;
  protected AccessControl access = new AccessControl();
  protected Identity admin;
  protected SpaceKey space;
  protected SchemaId main;

  @BeforeEach
  void open() {
    place = store.place(directory);
    metastore = store.open(place, clock);
    audit = new AuditLog(metastore);
    authenticator =
        new Authenticator(
            metastore,
            audit,
            new AuthenticatorOptions(CHEAP, Optional.of(API_KEY), Duration.ofMinutes(1)),
            clock);
    authenticator.ensureAdministrator(Optional.of(PASSWORD));
    admin = authenticator.password("admin", PASSWORD);
    write(tx -> {
      TenantAdministration.create(tx, admin, ACME);
      TenantAdministration.create(tx, admin, GLOBEX);
    });
    space =
        metastore.write(tx -> {
          var database =
              tx.databases().create(new DatabaseName("acme_sales"), DatabaseKind.LAKE, Map.of());
          return tx.spaces().create(new SpaceKey(database.id(), ACME)).key();
        });
    main = metastore.read(tx -> tx.schemas().get(space, SchemaName.MAIN).id());
  }

  @AfterEach
  void close() {
    authenticator.close();
    audit.close();
    metastore.close();
  }

  protected void write(Consumer<MetastoreTransaction> work) {
    metastore.write(tx -> {
      work.accept(tx);
      return tx.now();
    });
  }

  /** Creates the user with {@link #PASSWORD} and logs it in. */
  protected Identity user(String name, TenantId tenant) {
    NewPassword password =
        authenticator.newPassword(new PrincipalName(name), PASSWORD, Authenticator.LOCAL);
    write(tx ->
        UserAdministration.create(
            tx,
            admin,
            new NewUser(
                new PrincipalName(name),
                Optional.of(tenant),
                PrincipalKind.USER,
                Optional.of(password),
                false)));
    return authenticator.password(name, PASSWORD);
  }

  protected Identity tenantAdmin(String name, TenantId tenant) {
    Identity identity = user(name, tenant);
    write(tx ->
        RoleAdministration.give(
            tx, admin, RoleRef.of(new RoleName("tenant_admin")), identity.name()));
    return identity;
  }

  protected Securable.Collection table(String name) {
    return table(name, Optional.empty());
  }

  protected Securable.Collection table(String name, Optional<Identity> owner) {
    String uuid = UUID.randomUUID().toString();
    CollectionChange create =
        new CollectionChange.Create(
            new CollectionId(uuid),
            main,
            CollectionKind.TABLE,
            name,
            uuid,
            "file:/w/" + uuid,
            "file:/w/" + uuid + "/0.json",
            owner.map(Identity::id));
    CommitOutcome outcome =
        metastore.write(tx ->
            tx.commits()
                .commit(CommitRequest.builder(space, "CREATE TABLE").change(create).build()));
    Assertions.assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
    return new Securable.Collection(space, main, create.id());
  }

  protected Access accessOf(Identity identity) {
    return metastore.read(tx -> access.access(tx, identity, space));
  }

  protected static void assertCode(ErrorCode code, ThrowingCallable call) {
    Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PolderException.class, e -> Assertions.assertThat(e.code()).isEqualTo(code));
  }
}
