package dev.polder.benchmarks.catalog;

import dev.polder.benchmarks.side.Child;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Catalogs of others, each with a store that outlives its process: Iceberg's reference server on
 * SQLite and local files, Nessie on RocksDB and an S3 server of this machine, since it knows no
 * local files. Used by one thread.
 */
final class Peers implements AutoCloseable {
  static final String REFERENCE = "Iceberg's reference server";
  static final String NESSIE = "Nessie";

  private static final String KEY = "benchmark";
  private static final String BUCKET = "warehouse";
  private static final String HEAP = "-Xmx1g";

  private final List<Child> children = new ArrayList<>();
  private final List<CatalogTarget> targets = new ArrayList<>();
  private final Path home;
  private final Path directory;

  private Peers(Path home, Path directory) {
    this.home = home;
    this.directory = directory;
  }

  static Peers start(Path home, Path directory) throws IOException, InterruptedException {
    Peers peers = new Peers(home, Files.createDirectories(directory));
    try {
      peers.reference();
      peers.nessie();
      return peers;
    } catch (IOException | InterruptedException | RuntimeException e) {
      peers.close();
      throw e;
    }
  }

  List<CatalogTarget> targets() {
    return targets;
  }

  /** With one connection to its database: with more, clients get SQLITE_BUSY. */
  private void reference() throws IOException, InterruptedException {
    int port = Child.freePort();
    Path data = Files.createDirectories(directory.resolve("reference"));
    URI base = URI.create("http://127.0.0.1:" + port);
    children.add(
        Child.start(
            List.of(
                HEAP,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                Child.classPath(home.resolve("rck")),
                "org.apache.iceberg.rest.RESTCatalogServer"),
            Map.of(
                "CATALOG_REST_PORT",
                Integer.toString(port),
                "CATALOG_URI",
                "jdbc:sqlite:" + data.resolve("catalog.db"),
                "CATALOG_CLIENTS",
                "1",
                "CATALOG_WAREHOUSE",
                data.resolve("warehouse").toUri().toString()),
            directory.resolve("reference.log"),
            base.resolve("/v1/config")));
    targets.add(CatalogTarget.open(REFERENCE, base));
  }

  private void nessie() throws IOException, InterruptedException {
    URI store = store();
    int port = Child.freePort();
    URI base = URI.create("http://127.0.0.1:" + port + "/iceberg");
    String s3 = "-Dnessie.catalog.service.s3.default-options.";
    children.add(
        Child.start(
            List.of(
                HEAP,
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.enabled=false",
                "-Dquarkus.http.access-log.enabled=false",
                "-Dnessie.version.store.type=ROCKSDB",
                "-Dnessie.version.store.persist.rocks.database-path=" + directory.resolve("nessie"),
                "-Dnessie.catalog.default-warehouse=bench",
                "-Dnessie.catalog.warehouses.bench.location=s3://" + BUCKET + "/bench",
                s3 + "endpoint=" + store,
                s3 + "region=us-east-1",
                s3 + "path-style-access=true",
                s3 + "request-signing-enabled=false",
                s3 + "access-key=urn:nessie-secret:quarkus:bench.s3",
                "-Dbench.s3.name=" + KEY,
                "-Dbench.s3.secret=" + KEY,
                "-cp",
                Child.classPath(home.resolve("benchmarks/peers")),
                "io.quarkus.runner.GeneratedMain"),
            Map.of(),
            directory.resolve("nessie.log"),
            base.resolve("/iceberg/v1/config")));
    targets.add(CatalogTarget.open(NESSIE, base));
  }

  private URI store() throws IOException, InterruptedException {
    Path files = Files.createDirectories(directory.resolve("s3"));
    Files.createDirectories(files.resolve(BUCKET));
    URI address = URI.create("http://127.0.0.1:" + Child.freePort());
    Path settings = directory.resolve("s3.properties");
    Files.write(
        settings,
        List.of(
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.endpoint=" + address,
            "s3proxy.identity=" + KEY,
            "s3proxy.credential=" + KEY,
            "jclouds.provider=filesystem-nio2",
            "jclouds.identity=unused",
            "jclouds.credential=unused",
            "jclouds.filesystem.basedir=" + files));
    children.add(
        Child.start(
            List.of(
                "-Xmx256m",
                "-cp",
                Child.classPath(home.resolve("s3-server")),
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString()),
            Map.of(),
            directory.resolve("s3.log"),
            address));
    return address;
  }

  @Override
  public void close() {
    children.reversed().forEach(Child::close);
  }
}
