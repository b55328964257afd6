package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.access.LoginMode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.admin.IdentityProviderAdministration;
import dev.polder.sql.statement.AdminStatement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** CREATE, DROP and SHOW IDENTITY PROVIDER: a superuser's work. Stateless. */
final class IdentityProviderStatements {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("tenant"),
          Table.text("issuer"),
          Table.text("audience"),
          Table.text("mode"),
          Table.flag("provision"),
          Table.text("principal_claim"),
          Table.text("roles_claim"),
          Table.text("roles_pattern"),
          Table.text("roles_name"),
          Table.text("tenant_claim"),
          Table.text("tenant_value"),
          Table.time("created_at"));

  private static final String OPTIONS =
      "issuer, audience, mode, provision, principal_claim, roles_claim, roles_pattern, roles_name,"
          + " tenant_claim and tenant_value";

  private IdentityProviderStatements() {}

  static Result create(Work work, AdminStatement.CreateIdentityProvider create) {
    IdentityProvider provider = provider(create);
    work.context().engine().authenticator().requireIssuer(provider.issuer());
    work.write(tx ->
        IdentityProviderAdministration.create(tx, work.actor(), provider, create.orReplace()));
    return work.done();
  }

  static Result drop(Work work, AdminStatement.DropIdentityProvider drop) {
    return work.change(
        drop.ifExists(),
        ErrorCode.IDENTITY_PROVIDER_NOT_FOUND,
        tx -> {
          IdentityProviderAdministration.drop(tx, work.actor(), drop.tenant());
          return drop;
        });
  }

  static Result show(Work work) {
    Table table =
        work.read(tx -> {
          Table rows = Table.of(COLUMNS);
          Work.each(
              after -> IdentityProviderAdministration.list(tx, work.actor(), after, Page.MAX_LIMIT),
              provider -> add(rows, provider));
          return rows;
        });
    return table.answer(work.context());
  }

  private static void add(Table rows, IdentityProvider provider) {
    IdentityProvider.Claims claims = provider.claims();
    rows.add(
        provider.tenant().value(),
        provider.issuer(),
        String.join(", ", provider.audiences()),
        provider.mode().name().toLowerCase(Locale.ROOT),
        provider.provision(),
        claims.principal().orElse(null),
        claims.roles().orElse(null),
        claims.rolePattern().orElse(null),
        claims.roleName().orElse(null),
        claims.tenant().orElse(null),
        claims.tenantValue(),
        provider.createdAt());
  }

  private static IdentityProvider provider(AdminStatement.CreateIdentityProvider create) {
    Map<String, String> given = new HashMap<>();
    create.options().forEach((key, value) -> given.put(key.toLowerCase(Locale.ROOT), value));
    IdentityProvider provider =
        new IdentityProvider(
            create.tenant(),
            required(given, "issuer"),
            Arrays.stream(required(given, "audience").split(",", -1)).map(String::strip).toList(),
            new IdentityProvider.Claims(
                taken(given, "principal_claim"),
                taken(given, "roles_claim"),
                taken(given, "roles_pattern"),
                taken(given, "roles_name"),
                taken(given, "tenant_claim"),
                taken(given, "tenant_value").orElse(create.tenant().value())),
            provision(taken(given, "provision").orElse("false")),
            mode(taken(given, "mode").orElse("mixed")),
            0);
    if (!given.isEmpty()) {
      throw refused(
          "no option is called " + new TreeMap<>(given).firstKey() + "; there are " + OPTIONS);
    }
    return provider;
  }

  private static Optional<String> taken(Map<String, String> given, String key) {
    return Optional.ofNullable(given.remove(key)).filter(value -> !value.isEmpty());
  }

  private static String required(Map<String, String> given, String key) {
    return taken(given, key).orElseThrow(() -> refused("the option " + key + " is missing"));
  }

  private static boolean provision(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("provision is 'true' or 'false'");
    };
  }

  private static LoginMode mode(String text) {
    return Arrays.stream(LoginMode.values())
        .filter(mode -> mode.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> refused("mode is 'internal', 'external' or 'mixed'"));
  }

  private static PolderException refused(String why) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, "CREATE IDENTITY PROVIDER: " + why);
  }
}
