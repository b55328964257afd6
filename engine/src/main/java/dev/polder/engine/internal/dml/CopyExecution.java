package dev.polder.engine.internal.dml;

import dev.polder.duck.Sql;
import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.dml.DataExecution.Outcome;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.UserErrors;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.sql.analyse.DataReads;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopyOption;
import dev.polder.sql.statement.CopyTo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.types.Types;

/** COPY between tables and files of the space's staging area. Stateless. */
final class CopyExecution {
  private static final Set<String> CSV_OPTIONS =
      Set.of(
          "header",
          "delimiter",
          "delim",
          "sep",
          "quote",
          "escape",
          "null",
          "nullstr",
          "dateformat",
          "timestampformat",
          "encoding",
          "ignore_errors",
          "skip");

  private CopyExecution() {}

  static Outcome copyFrom(StatementContext context, Execution execution, CopyFrom copy) {
    Targets targets = Targets.of(context);
    LakeCollection table = targets.table(copy.target(), Privilege.INSERT);
    TableState state = context.writing().tableState(table);
    Path file =
        context
            .engine()
            .staging()
            .existing(context.session().space(), context.session().identity(), copy.file());
    String source = reader(file, copy.file(), copy.options());
    List<String> given =
        execution
            .connection()
            .describe("SELECT * FROM " + source, execution.allocator())
            .columns()
            .stream()
            .map(column -> column.name())
            .toList();
    List<Types.NestedField> named = InsertExecution.columns(state, copy.columns());
    boolean byName =
        copy.columns().isEmpty()
            && given.stream()
                .allMatch(name ->
                    state.schema().columns().stream()
                        .anyMatch(field -> field.name().equalsIgnoreCase(name)));
    List<Types.NestedField> fields =
        byName ? given.stream().map(name -> InsertExecution.column(state, name)).toList() : named;
    if (fields.size() != given.size()) {
      throw new PolderException(
          ErrorCode.BINDING_ERROR,
          "the file has " + given.size() + " columns, but " + fields.size() + " are wanted");
    }
    List<String> positions = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      positions.add("c" + i);
    }
    return InsertExecution.write(
        context,
        execution,
        targets,
        table,
        state,
        InsertExecution.projection(state, fields, source, positions),
        List.of(),
        Optional.empty());
  }

  /** The table function that reads a staged file. */
  private static String reader(Path file, String name, List<CopyOption> options) {
    String path = Sql.literal(file.toString());
    String format = format(name, options);
    return switch (format) {
      case "parquet" -> "read_parquet(" + path + ", hive_partitioning = false)";
      case "json" -> "read_json(" + path + ")";
      case "csv" -> {
        StringBuilder call = new StringBuilder("read_csv(" + path + ", hive_partitioning = false");
        for (CopyOption option : options) {
          if (!option.name().equals("format")) {
            call.append(", ").append(csvOption(option));
          }
        }
        yield call.append(")").toString();
      }
      default -> throw unknownFormat(format);
    };
  }

  private static String csvOption(CopyOption option) {
    if (!CSV_OPTIONS.contains(option.name())) {
      throw unknownOption(option);
    }
    String name =
        switch (option.name()) {
          case "delimiter", "delim", "sep" -> "delim";
          case "null", "nullstr" -> "nullstr";
          default -> option.name();
        };
    return name + " = " + value(option);
  }

  /** An option's value as a literal of its own: never the user's text as it stands. */
  private static String value(CopyOption option) {
    String text = option.value().map(Object::toString).orElse("true").strip();
    if (text.matches("(?i)true|false|[0-9]{1,9}")) {
      return text;
    }
    if (text.length() >= 2 && text.startsWith("'") && text.endsWith("'")) {
      return Sql.literal(text.substring(1, text.length() - 1).replace("''", "'"));
    }
    throw new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "option " + option.name() + " takes a number, true, false or a quoted text");
  }

  private static String format(String name, List<CopyOption> options) {
    Optional<String> chosen =
        options.stream()
            .filter(option -> option.name().equals("format"))
            .findFirst()
            .flatMap(CopyOption::value)
            .map(value -> value.toString().replace("'", "").strip().toLowerCase(Locale.ROOT));
    if (chosen.isPresent()) {
      return chosen.get();
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".parquet")) {
      return "parquet";
    }
    return lower.endsWith(".json") || lower.endsWith(".ndjson") || lower.endsWith(".jsonl")
        ? "json"
        : "csv";
  }

  private static PolderException unknownFormat(String format) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED, "format " + format + " is not there; use parquet, csv or json");
  }

  private static PolderException unknownOption(CopyOption option) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "option "
            + option.name()
            + " of COPY is not supported; there are format, "
            + String.join(", ", CSV_OPTIONS.stream().sorted().toList()));
  }

  /** Writes a query's rows to a staged file; gives the number of rows. */
  static long copyTo(StatementContext context, CopyTo copy) {
    Path target =
        context
            .engine()
            .staging()
            .file(context.session().space(), context.session().identity(), copy.file());
    try (Execution execution = context.execution()) {
      BoundQuery bound =
          new QueryBinding(context, execution).bind(DataReads.of(copy).getFirst()).query();
      QueryBinding.recordReads(context, bound);
      UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
      Path written = execution.stagingDirectory().resolve("copy");
      long rows;
      try {
        rows =
            execution
                .connection()
                .execute(
                    "COPY ("
                        + bound.text()
                        + "\n) TO "
                        + Sql.literal(written.toString())
                        + " ("
                        + writerOptions(copy)
                        + ")",
                    context.parameters());
      } catch (PolderException e) {
        throw UserErrors.of(bound).apply(e);
      }
      Files.move(
          written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return rows;
    } catch (IOException e) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, "the file could not be put into the staging area", e);
    }
  }

  private static String writerOptions(CopyTo copy) {
    String format = format(copy.file(), copy.options());
    StringBuilder options = new StringBuilder("FORMAT " + format);
    switch (format) {
      case "parquet" -> options.append(", COMPRESSION zstd");
      case "json" -> {}
      case "csv" -> {
        for (CopyOption option : copy.options()) {
          if (!option.name().equals("format")) {
            if (!CSV_OPTIONS.contains(option.name())) {
              throw unknownOption(option);
            }
            options.append(", ").append(option.name()).append(" ").append(value(option));
          }
        }
      }
      default -> throw unknownFormat(format);
    }
    return options.toString();
  }
}
