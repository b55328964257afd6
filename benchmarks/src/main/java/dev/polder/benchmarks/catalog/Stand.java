package dev.polder.benchmarks.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * One catalog with what the operations need in it, and the clients of the operation that is
 * measured. Used by one thread.
 */
final class Stand implements AutoCloseable {
  private static final String MANY = "many";
  private static final String MADE = "made";
  private static final String WRITTEN = "written";
  private static final String HOT = "hot";
  private static final int HOT_SNAPSHOTS = 10;

  private final CatalogTarget target;
  private final Path scratch;
  private final List<CatalogClient> clients = new ArrayList<>();
  private final List<AppendedTable> appended = new ArrayList<>();
  private String shared = HOT;

  Stand(CatalogTarget target, Path scratch) {
    this.target = target;
    this.scratch = scratch;
  }

  String name() {
    return target.name();
  }

  /** Makes the namespaces, a table with some snapshots and so many without. */
  void fill(int tables, int threads) throws Exception {
    CatalogClient client = connect();
    for (String namespace : List.of(MANY, MADE, WRITTEN)) {
      client.createNamespace(namespace);
    }
    client.createTable(WRITTEN, HOT).require();
    AppendedTable hot = new AppendedTable(client, WRITTEN, HOT, scratch);
    for (int i = 0; i < HOT_SNAPSHOTS; i++) {
      hot.append();
    }
    List<Load.Call> makers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      CatalogClient own = connect();
      makers.add(() -> own.createTable(MANY, freshName()).require());
    }
    Load.times(tables / threads, makers);
    close();
  }

  /** Makes the clients of one operation, on a table that none before has written. */
  List<Load.Call> clients(Operation operation, int count) throws IOException {
    close();
    shared = fresh();
    List<Load.Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(operation.client().on(this));
    }
    return calls;
  }

  /** Milliseconds that each commit of the clients waited for its answer, if they append. */
  List<Double> answers() {
    return appended.stream().flatMap(table -> table.answers().stream()).toList();
  }

  Load.Call config() throws IOException {
    CatalogClient client = connect();
    return sending(client, client.config());
  }

  Load.Call load() throws IOException {
    CatalogClient client = connect();
    return sending(client, client.load(WRITTEN, HOT));
  }

  Load.Call list() throws IOException {
    CatalogClient client = connect();
    return sending(client, client.list(MANY));
  }

  Load.Call create() throws IOException {
    CatalogClient client = connect();
    return () -> client.createTable(MADE, freshName()).require();
  }

  /** Commits without files, to one table. */
  Load.Call set() throws IOException {
    CatalogClient client = connect();
    String uuid = CatalogClient.metadata(client.send(client.load(WRITTEN, shared))).uuid();
    return () -> {
      Wire.Answer answer = client.send(client.setProperty(WRITTEN, shared, uuid));
      if (answer.isFailure()) {
        throw new CommitFailedException("%s", answer.text());
      }
      answer.require();
    };
  }

  /** Appends to one table. */
  Load.Call append() throws IOException {
    return append(shared);
  }

  /** Appends to a table of the client's own. */
  Load.Call appendAlone() throws IOException {
    return append(fresh());
  }

  private Load.Call append(String table) throws IOException {
    AppendedTable made = new AppendedTable(connect(), WRITTEN, table, scratch);
    appended.add(made);
    return made::append;
  }

  private String fresh() throws IOException {
    String name = freshName();
    try (CatalogClient client = new CatalogClient(target)) {
      client.createTable(WRITTEN, name).require();
    }
    return name;
  }

  private static String freshName() {
    return "t" + UUID.randomUUID().toString().replace("-", "");
  }

  private static Load.Call sending(CatalogClient client, byte[] request) {
    return () -> client.send(request).require();
  }

  private CatalogClient connect() throws IOException {
    CatalogClient client = new CatalogClient(target);
    clients.add(client);
    return client;
  }

  /** Ends the clients; the next operation makes new ones. */
  @Override
  public void close() throws IOException {
    for (CatalogClient client : clients) {
      client.close();
    }
    clients.clear();
    appended.clear();
  }
}
