package dev.polder.engine.internal.execute;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Access;
import dev.polder.policy.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the session's principal may do, read in the statement's own metastore transaction. */
public final class Rights {
  private Rights() {}

  /**
   * The rights in the session's space.
   *
   * @throws dev.polder.model.PolderException AUTHENTICATION_FAILED when the principal or its token
   *     no longer counts
   */
  public static Access of(MetastoreTransaction tx, StatementContext context) {
    Identity identity = context.session().identity();
    requireValid(tx, context.engine(), identity);
    requireDatabase(tx, context);
    return context.engine().accessControl().access(tx, identity, context.session().space());
  }

  private static void requireDatabase(MetastoreTransaction tx, StatementContext context) {
    Database database =
        tx.databases()
            .find(context.session().space().database())
            .filter(found -> found.droppedAt().isEmpty())
            .filter(found -> !tx.spaces().wasLeft(context.session().space()))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.DATABASE_NOT_FOUND,
                    "database "
                        + context.session().database()
                        + " was dropped or the tenant moved away; USE another one"));
    context.session().setDatabase(database.name());
    context.trail().bound(context.session(), database.auditDml());
  }

  /** Refuses a session whose principal or token no longer counts. */
  public static void requireValid(MetastoreTransaction tx, EngineParts engine, Identity identity) {
    require(engine.authenticator().stillValid(tx, identity), identity);
  }

  /** The same in a read transaction, where it costs less. */
  public static void requireValidInRead(
      MetastoreTransaction tx, EngineParts engine, Identity identity) {
    require(engine.authenticator().stillValidInRead(tx, identity), identity);
  }

  private static void require(boolean valid, Identity identity) {
    if (!valid) {
      throw new PolderException(
          ErrorCode.AUTHENTICATION_FAILED,
          "the login of "
              + identity.name()
              + " is no longer valid: the user or token was changed, disabled or dropped; log in"
              + " again");
    }
  }

  /** The identity of a principal that is there and enabled. */
  public static Optional<Identity> identity(MetastoreTransaction tx, PrincipalId id) {
    return tx.principals()
        .find(id)
        .filter(principal -> !principal.disabled())
        .map(Rights::identity);
  }

  private static Identity identity(Principal principal) {
    return new Identity(
        principal.id(),
        principal.name(),
        principal.tenant(),
        principal.superuser(),
        Optional.empty());
  }

  /** Names of the databases that the session's principal may bind to in the session's tenant. */
  public static List<String> bindableDatabases(MetastoreTransaction tx, StatementContext context) {
    List<String> names = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page<Database> page = tx.databases().list(after, Page.MAX_LIMIT);
      for (Database database : page.items()) {
        SpaceKey space = new SpaceKey(database.id(), context.session().space().tenant());
        if (tx.spaces().find(space).isPresent()
            && context
                .engine()
                .accessControl()
                .access(tx, context.session().identity(), space)
                .mayBind()) {
          names.add(database.name().value());
        }
      }
      after = page.next();
    } while (after.isPresent());
    return names;
  }
}
