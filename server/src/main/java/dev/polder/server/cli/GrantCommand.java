package dev.polder.server.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code polder grant}. */
@Command(name = "grant", description = "Grants privileges and roles, lists and revokes them.")
final class GrantCommand extends AdminCommands {
  private static final Pattern PRIVILEGE = Pattern.compile("[A-Za-z_]+");
  private static final String PRIVILEGES =
      "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, or RO, RW, DDL, ALL;"
          + " on a database also DATABASE_READER, DATABASE_EDITOR, DATABASE_OWNER.";

  GrantCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Grants privileges on an object.")
  int create(
      @Parameters(paramLabel = "PRIVILEGE", arity = "1..*", split = ",", description = PRIVILEGES)
          List<String> privileges,
      @ArgGroup(exclusive = true, multiplicity = "1") SecurableOption securable,
      @ArgGroup(exclusive = true, multiplicity = "1") GranteeOption grantee,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "GRANT " + words(client, privileges) + " ON " + securable.sql() + " TO " + grantee.sql());
  }

  @Command(name = "drop", description = "Revokes privileges on an object.")
  int drop(
      @Parameters(paramLabel = "PRIVILEGE", arity = "1..*", split = ",", description = PRIVILEGES)
          List<String> privileges,
      @ArgGroup(exclusive = true, multiplicity = "1") SecurableOption securable,
      @ArgGroup(exclusive = true, multiplicity = "1") GranteeOption grantee,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "REVOKE "
            + words(client, privileges)
            + " ON "
            + securable.sql()
            + " FROM "
            + grantee.sql());
  }

  @Command(name = "role", description = "Gives a role to a user, a group or another role.")
  int role(
      @Parameters(paramLabel = "ROLE", description = "The role.") String role,
      @ArgGroup(exclusive = true, multiplicity = "1") GranteeOption grantee,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "GRANT ROLE " + SqlQuoting.name(role) + " TO " + grantee.sql());
  }

  @Command(name = "drop-role", description = "Takes a role from who has it.")
  int dropRole(
      @Parameters(paramLabel = "ROLE", description = "The role.") String role,
      @ArgGroup(exclusive = true, multiplicity = "1") GranteeOption grantee,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "REVOKE ROLE " + SqlQuoting.name(role) + " FROM " + grantee.sql());
  }

  @Command(name = "list", description = "Lists the grants of somebody, or your own.")
  int list(
      @ArgGroup(exclusive = true, multiplicity = "0..1") GranteeOption grantee,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "SHOW GRANTS" + (grantee == null ? "" : " FOR " + grantee.sql()));
  }

  private static String words(ClientOptions client, List<String> privileges) {
    for (String privilege : privileges) {
      if (!PRIVILEGE.matcher(privilege).matches()) {
        throw new ParameterException(
            client.commandLine(), "'" + privilege + "' is no privilege: " + PRIVILEGES);
      }
    }
    return privileges.stream()
        .map(privilege -> privilege.toUpperCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
