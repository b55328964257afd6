package dev.polder.engine.management;

import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.session.Bindings;
import dev.polder.policy.Identity;
import java.util.Optional;

/** Opens tenants as realms for principals that may be in them. Thread-safe. */
public final class ManagementService {
  private final EngineParts engine;

  public ManagementService(EngineParts engine) {
    this.engine = engine;
  }

  /**
   * A tenant's realm.
   *
   * @param tenant empty: the principal's own; the default one for the server's principals
   * @throws dev.polder.model.PolderException TENANT_NOT_FOUND when it is another one's
   */
  public Realm open(Identity who, Optional<String> tenant) {
    return new Realm(engine, who, Bindings.tenant(engine, who, tenant));
  }
}
