package dev.polder.server;

import dev.polder.duck.InstanceLimits;
import dev.polder.duck.InstanceSetup;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.SourceProvider;
import dev.polder.federation.Connectors;
import dev.polder.federation.SourceClient;
import dev.polder.federation.duckdb.DuckdbConnector;
import dev.polder.federation.duckdb.DuckdbFiles;
import dev.polder.federation.mysql.MysqlConnector;
import dev.polder.federation.parquet.ParquetConnector;
import dev.polder.federation.postgres.PostgresConnector;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.SourceSecret;
import dev.polder.federation.secret.SourceSecrets;
import dev.polder.federation.setup.PreparedSetup;
import dev.polder.federation.setup.SetupSql;
import dev.polder.federation.sqlite.SqliteConnector;
import dev.polder.lake.mirror.SecretBox;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.source.OnStartFailure;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.Secret;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The connectors of a server, and the secrets that its sources are reached with. Thread-safe.
 * Closing it ends what connectors share.
 */
final class ServerSources implements SourceProvider, AutoCloseable {
  private static final int NATIVE_THREADS = 8;
  private static final int NATIVE_QUEUE = 1_000;
  private static final InstanceLimits READERS = new InstanceLimits(1L << 30, 2, 8L << 30);

  private final Metastore metastore;
  private final SecretBox box;
  private final SourceSecrets secrets;
  private final NativeThreads threads;
  private final DuckdbFiles files;
  private final Connectors connectors;

  /**
   * @param box opens the values that the metastore keeps
   * @param directory for what connectors keep while the server runs
   */
  ServerSources(Metastore metastore, SecretBox box, SecretStoreSettings stores, Path directory) {
    this.metastore = metastore;
    this.box = box;
    this.secrets = SourceSecrets.of(stores, System::getenv);
    // Not the engine's threads: its statements wait on those for what is read here.
    this.threads =
        new NativeThreads(NATIVE_THREADS, NATIVE_QUEUE, NativeThreads.DEFAULT_STACK_BYTES);
    this.files = new DuckdbFiles(threads, directory.resolve("readers"), READERS);
    this.connectors =
        new Connectors(
            List.of(
                new PostgresConnector(),
                new MysqlConnector(),
                new SqliteConnector(threads),
                new DuckdbConnector(files),
                new ParquetConnector(files, directory.resolve("copies"))));
  }

  Connectors connectors() {
    return connectors;
  }

  /** Refuses a reference to a secret that this server could not resolve. */
  void check(String name, String externalRef) {
    secrets.check(name, externalRef);
  }

  @Override
  public SourceClient client(Source source) {
    SourceDefinition definition = source.definition();
    String alias = source.alias().value();
    List<SourceSecret> declared = declared(source);
    return connectors.open(
        alias,
        definition.connector().orElseThrow(),
        definition.properties(),
        definition.readOnly(),
        name ->
            resolved(alias, new LinkedHashSet<>(List.of(name)), declared)
                .values()
                .iterator()
                .next());
  }

  @Override
  public InstanceSetup setup(Source source) {
    SourceDefinition definition = source.definition();
    String alias = source.alias().value();
    SetupSql sql = SetupSql.parse(alias, definition.setupSql().orElseThrow());
    PreparedSetup prepared =
        sql.prepare(
            resolved(alias, sql.secretNames(), declared(source)),
            definition.extensionDirectory().map(Path::of).orElse(null));
    return new InstanceSetup(
        alias,
        prepared.statements(),
        prepared.paths(),
        definition.onStartFailure() == OnStartFailure.SKIP,
        prepared::failure);
  }

  private Map<String, Secret> resolved(
      String alias, SequencedSet<String> names, List<SourceSecret> declared) {
    return secrets.resolve(alias, names, declared);
  }

  private List<SourceSecret> declared(Source source) {
    return metastore.read(tx -> tx.sources().secrets(source.id())).stream()
        .map(secret ->
            new SourceSecret(
                secret.name(),
                secret.sealed().map(box::open).orElse(null),
                secret.externalRef().orElse(null)))
        .toList();
  }

  @Override
  public void close() {
    try (secrets) {
      files.close();
      threads.close();
    }
  }
}
