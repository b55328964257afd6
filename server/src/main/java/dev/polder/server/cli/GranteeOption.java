package dev.polder.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who receives a grant: exactly one of them. */
final class GranteeOption {
  @Option(names = "--to-user", paramLabel = "USER", required = true, description = "A user.")
  @Nullable String user;

  @Option(names = "--to-group", paramLabel = "GROUP", required = true, description = "A group.")
  @Nullable String group;

  @Option(names = "--to-role", paramLabel = "ROLE", required = true, description = "A role.")
  @Nullable String role;

  String sql() {
    if (user != null) {
      return "USER " + SqlQuoting.name(user);
    }
    if (group != null) {
      return "GROUP " + SqlQuoting.name(group);
    }
    if (role != null) {
      return "ROLE " + SqlQuoting.name(role);
    }
    throw new IllegalStateException("no grantee");
  }
}
