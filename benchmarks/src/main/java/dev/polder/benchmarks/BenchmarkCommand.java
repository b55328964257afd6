package dev.polder.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.benchmarks.harness.MachineInfo;
import dev.polder.benchmarks.harness.Progress;
import dev.polder.benchmarks.harness.Report;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.harness.Warnings;
import dev.polder.benchmarks.suite.Plan;
import dev.polder.benchmarks.suite.Suite;
import dev.polder.benchmarks.suite.Suite.Choice;
import dev.polder.server.table.Style;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./benchmarks/run}: measures, prints tables, and says which goals were met. */
@Command(
    name = "benchmarks/run",
    sortOptions = false,
    description = {
      "Measures a Polder server beside DuckDB alone, on the same data, in one run.",
      "",
      "Both sides take turns, with the same threads and memory limit. Every table shows medians;"
          + " the first run of each side compares the answers and is not timed."
    },
    footer = {
      "",
      "Exit codes: 0 measured (whatever the figures), 1 failed, 2 the command line was not"
          + " understood.",
      "",
      "Quick:  ./benchmarks/run --sf 0.1 --stream-rows 1000000 --commits 100 --runs 3",
      "Part:   ./benchmarks/run tpch point",
      "Peers:  ./benchmarks/run catalog --catalog-tables 200 --runs 1 --seconds 1"
    })
final class BenchmarkCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "BENCHMARK",
      description =
          "What to measure: ${COMPLETION-CANDIDATES}. Default: all but CATALOG, which compares with"
              + " other catalog servers and fetches them.")
  private List<Choice> choices = new ArrayList<>();

  @Option(
      names = "--sf",
      paramLabel = "FACTOR",
      defaultValue = "1",
      description = "Scale factor of TPC-H (default: ${DEFAULT-VALUE}).")
  private BigDecimal scaleFactor = BigDecimal.ONE;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Timed runs of each side (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--stream-rows",
      paramLabel = "N",
      defaultValue = "20000000",
      description = "Rows of the large result (default: ${DEFAULT-VALUE}).")
  private long streamRows;

  @Option(
      names = "--commits",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Small commits under the point query (default: ${DEFAULT-VALUE}).")
  private int commits;

  @Option(
      names = "--insert-rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Rows of the large INSERT … SELECT (default: ${DEFAULT-VALUE}).")
  private long insertRows;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "How long each run of a rate lasts (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--tables",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,100,1000,10000",
      description = "Tables in the databases that are cloned (default: ${DEFAULT-VALUE}).")
  private List<Integer> tables = List.of();

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,1000",
      description =
          "Sizes of the databases that are cloned (default: ${DEFAULT-VALUE}; 10000 takes some"
              + " minutes and 10 GB of disk).")
  private List<Long> megabytes = List.of();

  @Option(
      names = "--catalog-tables",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Tables in the list of a REST catalog (default: ${DEFAULT-VALUE}).")
  private int catalogTables;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "DuckDB's threads on both sides (default: one for each processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "4096",
      description = "DuckDB's memory limit on both sides (default: ${DEFAULT-VALUE}).")
  private long memory;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where data is made (default: benchmarks/target/work).")
  private @Nullable Path directory;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes every figure to a file, - for the output instead of tables.")
  private @Nullable String json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the tables to a file.")
  private @Nullable Path markdown;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help and exits.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private final Path home = Path.of(System.getProperty("polder.home", "."));
  private final PrintStream out = System.out;
  private final Progress progress =
      new Progress(System.err, Boolean.getBoolean("polder.terminal.error"));
  private final List<String> arguments;

  BenchmarkCommand(List<String> arguments) {
    this.arguments = arguments;
  }

  @Override
  public Integer call() throws Exception {
    Path work = directory == null ? home.resolve("benchmarks/target/work") : directory;
    Plan plan =
        new Plan(
            home,
            work.toAbsolutePath().normalize(),
            scaleFactor.stripTrailingZeros(),
            runs,
            streamRows,
            commits,
            insertRows,
            seconds,
            tables,
            megabytes,
            catalogTables,
            threads,
            memory << 20);
    Map<String, String> facts = facts();
    boolean tables = !"-".equals(json);
    List<Section> sections = new ArrayList<>();
    Warnings warnings = new Warnings();
    if (tables) {
      new Report(facts, List.of(), List.of()).factLines().forEach(out::println);
    }
    Suite.run(
        chosen(),
        plan,
        progress,
        warnings,
        section -> {
          sections.add(section);
          if (tables) {
            print(section);
          }
        });
    if (tables) {
      warnings.all().forEach(warning -> out.println("warning: " + warning));
    }
    write(new Report(facts, sections, warnings.all()));
    return ExitCode.OK;
  }

  private Set<Choice> chosen() {
    return choices.isEmpty()
        ? EnumSet.complementOf(EnumSet.of(Choice.CATALOG))
        : EnumSet.copyOf(choices);
  }

  private Map<String, String> facts() throws SQLException {
    Map<String, String> facts = new LinkedHashMap<>(MachineInfo.read().facts());
    facts.put("DuckDB", duckVersion());
    facts.put("each side", threads + " threads, memory limit " + memory + " MiB");
    facts.put("each figure", "median of " + runs + " unless n says otherwise");
    return facts;
  }

  private static String duckVersion() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  private void print(Section section) {
    progress.clear();
    out.println();
    Style style = new Style(true, Boolean.getBoolean("polder.terminal"), 0);
    Report.lines(section, style).forEach(out::println);
    out.flush();
  }

  private void write(Report report) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    if ("-".equals(json)) {
      out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(report));
    } else if (json != null) {
      mapper.writerWithDefaultPrettyPrinter().writeValue(Path.of(json).toFile(), report);
    }
    if (markdown != null) {
      String command = String.join(" ", arguments);
      Files.writeString(
          markdown,
          String.format(Locale.ROOT, "# Benchmarks%n%n")
              + report.markdown(("./benchmarks/run " + command).strip()));
    }
  }
}
