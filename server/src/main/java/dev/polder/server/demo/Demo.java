package dev.polder.server.demo;

import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.client.Target;
import dev.polder.server.table.ResultPrinter;
import dev.polder.server.table.Style;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Walks through the product on real data, as any client could: makes a tenant with a database and a
 * user, loads the sample, and asks three questions. A second run finds all that and loads nothing.
 * Used by one thread.
 */
public final class Demo {
  public static final String TENANT = "acme";
  public static final String DATABASE = "acme_flights";
  public static final String USER = "demo";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final URI server;
  private final Path dataDir;
  private final PrintWriter out;
  private final Style style;
  private final boolean terminal;
  private final ResultPrinter printer;
  private DemoState state;

  public Demo(
      URI server, Path dataDir, DemoState state, PrintWriter out, Style style, boolean terminal) {
    this.server = server;
    this.dataDir = dataDir;
    this.state = state;
    this.out = out;
    this.style = style;
    this.terminal = terminal;
    this.printer = new ResultPrinter(out, out, style);
  }

  public void run() {
    prepare();
    try (PolderClient client =
        client(USER, new Credentials.UserPassword(USER, state.userPassword()))) {
      client.login();
      client.openSession();
      for (DemoData.Table table : List.of(DemoData.AIRPORTS, DemoData.FLIGHTS)) {
        load(client, table);
      }
      ask(
          client,
          "The busiest routes, and how late they ran",
          """
          SELECT origin, destination, count(*) AS flights, round(avg(delay), 1) AS average_delay
          FROM flights
          GROUP BY ALL ORDER BY flights DESC, origin LIMIT 5\
          """);
      ask(
          client,
          "A join: the states with the longest delays, by where flights began",
          """
          SELECT a.state, count(*) AS flights, round(avg(f.delay), 1) AS average_delay,
                 round(100.0 * count(*) FILTER (f.delay > 60) / count(*), 1) AS percent_over_an_hour
          FROM flights f JOIN airports a ON f.origin = a.iata
          GROUP BY a.state HAVING count(*) > 5000
          ORDER BY average_delay DESC LIMIT 5\
          """);
      travel(client);
    }
  }

  /** Sets the stage as the administrator. */
  private void prepare() {
    try (PolderClient admin =
        client("admin", new Credentials.UserPassword("admin", state.adminPassword()))) {
      login(admin);
      admin.execute("CREATE TENANT IF NOT EXISTS " + TENANT);
      admin.execute("CREATE DATABASE IF NOT EXISTS " + DATABASE + " FOR TENANT " + TENANT);
      admin.execute(
          "CREATE USER IF NOT EXISTS "
              + USER
              + " PASSWORD '"
              + state.userPassword().reveal()
              + "' TENANT "
              + TENANT);
      if (state.fresh()) {
        // A user of an earlier demonstration has a password that nobody knows any more.
        admin.execute(
            "ALTER USER " + USER + " SET PASSWORD '" + state.userPassword().reveal() + "'");
      }
    }
    Target target = new Target(server, DATABASE, TENANT);
    try (PolderClient admin =
        new PolderClient(target, new Credentials.UserPassword("admin", state.adminPassword()))) {
      admin.execute("GRANT ALL ON DATABASE " + DATABASE + " TO USER " + USER);
    }
  }

  private void login(PolderClient admin) {
    try {
      admin.login();
    } catch (ServerFailure failure) {
      if (failure.sqlState().startsWith("28")) {
        throw new DemoFailure(
            "the administrator of "
                + dataDir
                + " has a password that the demonstration does not know: set"
                + " POLDER_ADMIN_PASSWORD to it, or POLDER_DATA_DIR to another directory",
            failure);
      }
      throw failure;
    }
  }

  private PolderClient client(String user, Credentials credentials) {
    boolean own = user.equals(USER);
    return new PolderClient(
        new Target(server, own ? DATABASE : null, own ? TENANT : null), credentials);
  }

  private void load(PolderClient client, DemoData.Table table) {
    client.execute("CREATE TABLE IF NOT EXISTS " + table.name() + " (" + table.columns() + ")");
    long present = count(client, table.name());
    if (present == table.rows()) {
      out.println(
          String.format(Locale.ROOT, "  %s: %,d rows are already there", table.name(), present));
      return;
    }
    if (present > 0) {
      // A run that was stopped in the middle of its load left some of the parts.
      client.execute("DELETE FROM " + table.name());
    }
    Path files = DemoData.directory();
    ProgressBar progress = new ProgressBar(out, terminal, table.name(), table.rows());
    long done = 0;
    progress.show(done);
    try {
      for (DemoData.Part part : table.parts()) {
        client.stage(part.file(), files.resolve(part.file()));
        client.execute("COPY " + table.name() + " FROM '" + part.file() + "' (FORMAT parquet)");
        client.unstage(part.file());
        done += part.rows();
        progress.show(done);
      }
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  private static long count(PolderClient client, String table) {
    return client.execute("SELECT count(*) FROM " + table).rows().getFirst().getFirst().asLong();
  }

  private void travel(PolderClient client) {
    String time = state.corrected();
    if (time == null) {
      time = TIME.format(Instant.now());
      String update = "UPDATE flights SET delay = NULL WHERE delay < -60";
      heading("An update: flights more than an hour early are faults of the record");
      statement(update);
      printer.print(client.execute(update), ResultPrinter.Format.TABLE, true);
      state = state.withCorrection(time);
      state.save(dataDir);
    }
    ask(
        client,
        "Time travel: the same table before that update, and now",
        """
        SELECT 'before' AS version, count(delay) AS delays, min(delay) AS earliest, max(delay) AS latest
        FROM flights AT (TIMESTAMP => TIMESTAMPTZ '%s+00')
        UNION ALL
        SELECT 'now', count(delay), min(delay), max(delay) FROM flights
        ORDER BY version\
        """
            .formatted(time));
  }

  private void ask(PolderClient client, String title, String sql) {
    heading(title);
    statement(sql);
    QueryResult result = client.execute(sql);
    printer.print(result, ResultPrinter.Format.TABLE, true);
  }

  private void heading(String title) {
    out.println();
    out.println(style.bold(title));
  }

  private void statement(String sql) {
    sql.lines().forEach(line -> out.println(style.dim("  " + line)));
  }
}
