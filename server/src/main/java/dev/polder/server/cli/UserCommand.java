package dev.polder.server.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code polder user}. */
@Command(name = "user", description = "Creates, lists, changes and drops users.")
final class UserCommand extends AdminCommands {
  UserCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a user.")
  int create(
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _ . @ + -") String name,
      @Option(
              names = "--new-password",
              paramLabel = "PASSWORD",
              arity = "0..1",
              fallbackValue = "",
              description = "The user's password; without a value you are asked for it.")
          @Nullable String password,
      @Option(
              names = "--for-tenant",
              paramLabel = "TENANT",
              description = "The tenant that the user belongs to.")
          @Nullable String owner,
      @Option(names = "--superuser", description = "May do everything.") boolean superuser,
      @Option(names = "--if-not-exists", description = "An existing one is no failure.")
          boolean ifNotExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    String secret = password == null ? null : password.isEmpty() ? ask(client, name) : password;
    return send(
        client,
        format,
        "CREATE USER "
            + ifNotExists(ifNotExists)
            + SqlQuoting.name(name)
            + (secret == null ? "" : " PASSWORD " + SqlQuoting.text(secret))
            + (owner == null ? "" : " TENANT " + SqlQuoting.name(owner))
            + (superuser ? " SUPERUSER" : ""));
  }

  @Command(name = "list", description = "Lists the users.")
  int list(@Mixin FormatOptions format, @Mixin ClientOptions client) {
    return send(client, format, "SHOW USERS");
  }

  @Command(name = "default", description = "Shows or sets where a user's sessions begin.")
  int setDefault(
      @Mixin DefaultOptions of, @Mixin FormatOptions format, @Mixin ClientOptions client) {
    return of.shows()
        ? sendFor(client, format, "SHOW USERS", of.name())
        : send(client, format, "ALTER USER " + SqlQuoting.name(of.name()) + of.sql(client));
  }

  @Command(name = "password", description = "Sets a user's password.")
  int password(
      @Parameters(paramLabel = "NAME", description = "The user.") String name,
      @Option(
              names = "--new-password",
              paramLabel = "PASSWORD",
              description = "The new password; you are asked for it if absent.")
          @Nullable String password,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    String secret = password == null ? ask(client, name) : password;
    return alter(client, format, name, "SET PASSWORD " + SqlQuoting.text(secret));
  }

  @Command(name = "enable", description = "Lets a user sign in again.")
  int enable(
      @Parameters(paramLabel = "NAME", description = "The user.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return alter(client, format, name, "ENABLE");
  }

  @Command(name = "disable", description = "Lets a user sign in no more.")
  int disable(
      @Parameters(paramLabel = "NAME", description = "The user.") String name,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return alter(client, format, name, "DISABLE");
  }

  @Command(name = "superuser", description = "Makes a user a superuser.")
  int superuser(
      @Parameters(paramLabel = "NAME", description = "The user.") String name,
      @Option(names = "--revoke", description = "Takes that back.") boolean revoke,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return alter(client, format, name, revoke ? "NOSUPERUSER" : "SUPERUSER");
  }

  private int alter(ClientOptions client, FormatOptions format, String name, String change) {
    return send(client, format, "ALTER USER " + SqlQuoting.name(name) + " " + change);
  }

  @Command(name = "drop", description = "Drops a user.")
  int drop(
      @Parameters(paramLabel = "NAME", description = "The user.") String name,
      @Option(names = "--if-exists", description = "A missing one is no failure.") boolean ifExists,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "DROP USER " + ifExists(ifExists) + SqlQuoting.name(name));
  }

  private static String ask(ClientOptions client, String name) {
    CommandLine line = client.commandLine();
    if (!Passwords.canAsk()) {
      throw new ParameterException(line, "--new-password needs a value where nobody can be asked");
    }
    Optional<String> once = Passwords.ask("New password for " + name + ": ");
    if (once.isEmpty() || !once.equals(Passwords.ask("Again: "))) {
      throw new ParameterException(line, "the two passwords are not the same");
    }
    return once.get();
  }
}
