package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polder token}. */
@Command(name = "token", description = "Creates, lists and revokes tokens.")
final class TokenCommand extends AdminCommands {
  TokenCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "create", description = "Creates a token and shows it this once.")
  int create(
      @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
      @Option(names = "--for-user", paramLabel = "USER", description = "Whose; default: yours.")
          @Nullable String user,
      @Option(
              names = "--expires-in",
              paramLabel = "TIME",
              description = "Such as '30 days'; default: never.")
          @Nullable String expiry,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client,
        format,
        "CREATE TOKEN "
            + SqlQuoting.name(name)
            + (user == null ? "" : " FOR USER " + SqlQuoting.name(user))
            + (expiry == null ? "" : " EXPIRES IN " + SqlQuoting.text(expiry)));
  }

  @Command(name = "list", description = "Lists tokens, without their texts.")
  int list(
      @Option(names = "--for-user", paramLabel = "USER", description = "Whose; default: yours.")
          @Nullable String user,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(
        client, format, "SHOW TOKENS" + (user == null ? "" : " FOR USER " + SqlQuoting.name(user)));
  }

  @Command(name = "drop", description = "Revokes a token.")
  int drop(
      @Parameters(paramLabel = "ID", description = "As 'token list' shows it.") String id,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return send(client, format, "REVOKE TOKEN " + SqlQuoting.text(id));
  }
}
