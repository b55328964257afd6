package dev.polder.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polder audit}. */
@Command(name = "audit", description = "Shows, verifies and exports the audit trail.")
final class AuditCommand extends AdminCommands {
  private static final String IN_DATABASE = "--in-database";
  private static final String WHOSE =
      "This database's trail, by name or number; default: the server's own.";

  AuditCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "show", description = "Shows the newest records, newest first.")
  int show(
      @Option(names = IN_DATABASE, paramLabel = "DATABASE", description = WHOSE)
          @Nullable String database,
      @Option(names = "--event-type", paramLabel = "TYPE", description = "Such as dml.")
          @Nullable String type,
      @Option(names = "--by", paramLabel = "USER", description = "What this user did.")
          @Nullable String user,
      @Option(names = "--outcome", paramLabel = "OUTCOME", description = "success or denied.")
          @Nullable String outcome,
      @Option(names = "--since", paramLabel = "TIME", description = "Such as '2030-01-31 12:00'.")
          @Nullable String since,
      @Option(names = "--until", paramLabel = "TIME", description = "Such as '2030-01-31 12:00'.")
          @Nullable String until,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most.")
          int limit,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    List<String> conditions = new ArrayList<>();
    condition(conditions, "event_type", type);
    condition(conditions, "user", user);
    condition(conditions, "outcome", outcome);
    condition(conditions, "since", since);
    condition(conditions, "until", until);
    return send(
        client,
        format,
        "SHOW AUDIT"
            + in(database)
            + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
            + " LIMIT "
            + Math.max(0, limit));
  }

  @Command(
      name = "verify",
      description = "Computes the chain of hashes again; ends with 1 where it is broken.")
  int verify(
      @Option(names = IN_DATABASE, paramLabel = "DATABASE", description = WHOSE)
          @Nullable String database,
      @Mixin FormatOptions format,
      @Mixin ClientOptions client) {
    return watch(
        client,
        format,
        "AUDIT VERIFY" + in(database),
        "verify",
        verdict -> {
          if (value(verdict, "intact").asBoolean()) {
            return ExitCode.OK;
          }
          context()
              .screen()
              .fail(
                  "the audit trail"
                      + (database == null ? " of the server" : " of database " + database)
                      + " is broken: record "
                      + value(verdict, "first_broken_seq").asText()
                      + " is not what was written; see 'audit export' and your backups");
          return ExitCode.SOFTWARE;
        });
  }

  private static JsonNode value(QueryResult row, String column) {
    List<String> names = row.columns().stream().map(QueryResult.Column::name).toList();
    return row.rows().getFirst().get(names.indexOf(column));
  }

  @Command(
      name = "export",
      description = "Writes a whole chain as JSON lines, oldest first, with its hashes.")
  int export(
      @Option(names = IN_DATABASE, paramLabel = "DATABASE", description = WHOSE)
          @Nullable String database,
      @Option(names = "--after", paramLabel = "SEQ", description = "What came after this record.")
          @Nullable Long after,
      @Option(names = "--since", paramLabel = "TIME", description = "Such as '2030-01-31 12:00'.")
          @Nullable String since,
      @Mixin ClientOptions options) {
    Screen screen = context().screen();
    try (PolderClient client = options.connect(context())) {
      AtomicLong written = new AtomicLong();
      Supplier<Optional<String>> progress =
          () -> Optional.of(String.format(Locale.ROOT, "export: %,d records", written.get()));
      try (ProgressLines _ = new ProgressLines(screen, progress)) {
        client.exportAudit(
            database,
            after,
            since,
            line -> {
              screen.out().println(line);
              written.incrementAndGet();
            });
      }
      screen.out().flush();
      return ExitCode.OK;
    } catch (ServerFailure failure) {
      new ResultPrinter(screen.out(), screen.err(), screen.style()).print(failure, "");
      return ExitCode.SOFTWARE;
    }
  }

  private static void condition(List<String> conditions, String field, @Nullable String value) {
    if (value != null) {
      conditions.add(field + " = " + SqlQuoting.text(value));
    }
  }

  private static String in(@Nullable String database) {
    if (database == null) {
      return "";
    }
    return " IN DATABASE " + (isNumber(database) ? database : SqlQuoting.name(database));
  }

  /** No name begins with a digit. */
  private static boolean isNumber(String database) {
    return database.matches("[0-9]{1,18}");
  }
}
