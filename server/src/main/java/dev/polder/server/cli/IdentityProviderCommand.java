package dev.polder.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder identity-provider}. */
@Command(
    name = "identity-provider",
    description = "Who else tells, beside this server, who a tenant's users are.")
final class IdentityProviderCommand extends AdminCommands {
  IdentityProviderCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Gives a tenant its identity provider.")
  int create(
      @Parameters(paramLabel = "TENANT", description = "The tenant.") String tenant,
      @Parameters(paramLabel = "ISSUER", description = "https://…, as its tokens name it.")
          String issuer,
      @Option(
              names = "--audience",
              required = true,
              paramLabel = "NAME[,NAME]",
              description = "For whom a token must be.")
          String audience,
      @Option(
              names = "--with",
              paramLabel = "OPTION=VALUE",
              description =
                  "mode, provision, principal_claim, roles_claim, roles_pattern, roles_name,"
                      + " tenant_claim or tenant_value. Can be repeated.")
          @Nullable Map<String, String> more,
      @Option(names = "--replace", description = "In the place of the one it has.") boolean replace,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    Map<String, String> options = more == null ? Map.of() : new TreeMap<>(more);
    List<String> words = new ArrayList<>();
    words.add("issuer = " + SqlQuoting.text(issuer));
    words.add("audience = " + SqlQuoting.text(audience));
    options.forEach(
        (key, value) -> words.add(SqlQuoting.name(key) + " = " + SqlQuoting.text(value)));
    return send(
        client,
        format,
        "CREATE "
            + (replace ? "OR REPLACE " : "")
            + "IDENTITY PROVIDER FOR TENANT "
            + SqlQuoting.name(tenant)
            + " WITH ("
            + String.join(", ", words)
            + ")");
  }

  @Command(name = "list", description = "Lists them.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW IDENTITY PROVIDERS");
  }

  @Command(name = "drop", description = "Takes a tenant's identity provider away.")
  int drop(
      @Parameters(paramLabel = "TENANT", description = "The tenant.") String tenant,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "DROP IDENTITY PROVIDER " + ifExists(ifExists) + "FOR TENANT " + SqlQuoting.name(tenant));
  }
}
