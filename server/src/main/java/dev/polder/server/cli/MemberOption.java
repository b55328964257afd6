package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who has a role: exactly one of them. */
final class MemberOption {
  @Option(names = "--to-user", paramLabel = "USER", required = true, description = "A user.")
  @Nullable String user;

  @Option(names = "--to-group", paramLabel = "GROUP", required = true, description = "A group.")
  @Nullable String group;

  String sql() {
    if (user != null) {
      return "USER " + SqlQuoting.name(user);
    }
    if (group != null) {
      return "GROUP " + SqlQuoting.name(group);
    }
    throw new IllegalStateException("no member");
  }
}
