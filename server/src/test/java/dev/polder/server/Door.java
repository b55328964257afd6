package dev.polder.server;

import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;

/** The ways in, each through its own client, into the database {@code shop}. */
enum Door {
  HTTP {
    @Override
    Opened open(RunningServer server, String token) {
      return http(server, new Credentials.Token(Secret.of(token)));
    }

    @Override
    Opened open(RunningServer server, String user, String password) {
      return http(server, new Credentials.UserPassword(user, Secret.of(password)));
    }
  },

  FLIGHT {
    @Override
    Opened open(RunningServer server, String token) throws SQLException {
      return flight(server, Map.of("token", token));
    }

    @Override
    Opened open(RunningServer server, String user, String password) throws SQLException {
      return flight(server, Map.of("user", user, "password", password));
    }
  },

  ICEBERG {
    @Override
    Opened open(RunningServer server, String token) {
      return iceberg(IcebergCatalogs.open(server, "shop", token));
    }

    @Override
    Opened open(RunningServer server, String user, String password) {
      return iceberg(
          IcebergCatalogs.login(
              server,
              "/api/catalog",
              "shop",
              Map.of(
                  "credential",
                  user + ":" + password,
                  "oauth2-server-uri",
                  server.endpoints().http() + "/api/catalog/v1/oauth/tokens")));
    }
  };

  /** Somebody who is in. */
  interface Opened extends AutoCloseable {
    /** How many rows a table has. */
    long count(String table) throws Exception;

    @Override
    void close() throws IOException, SQLException;
  }

  abstract Opened open(RunningServer server, String token) throws Exception;

  abstract Opened open(RunningServer server, String user, String password) throws Exception;

  long count(RunningServer server, String token, String table) throws Exception {
    try (Opened opened = open(server, token)) {
      return opened.count(table);
    }
  }

  static Opened iceberg(RESTCatalog catalog) {
    return new Opened() {
      @Override
      public long count(String table) {
        Table loaded = catalog.loadTable(TableIdentifier.of(Namespace.of("main"), table));
        return Long.parseLong(loaded.currentSnapshot().summary().get("total-records"));
      }

      @Override
      public void close() throws IOException {
        catalog.close();
      }
    };
  }

  private static Opened http(RunningServer server, Credentials credentials) {
    PolderClient client =
        new PolderClient(new Target(server.endpoints().http(), "shop", null), credentials);
    client.openSession();
    return new Opened() {
      @Override
      public long count(String table) {
        return Long.parseLong(LocalServers.value(client, "SELECT count(*) FROM " + table));
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private static Opened flight(RunningServer server, Map<String, String> credentials)
      throws SQLException {
    Properties properties = new Properties();
    properties.putAll(credentials);
    properties.put("database", "shop");
    Connection connection =
        DriverManager.getConnection(server.endpoints().flightJdbcUrl(), properties);
    return new Opened() {
      @Override
      public long count(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
          rows.next();
          return rows.getLong(1);
        }
      }

      @Override
      public void close() throws SQLException {
        connection.close();
      }
    };
  }
}
