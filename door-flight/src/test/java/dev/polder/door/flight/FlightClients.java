package dev.polder.door.flight;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A Flight SQL client that is logged in, with what tests do often. */
@SuppressWarnings("try")
final class FlightClients implements AutoCloseable {
  final FlightSqlClient sql;
  final FlightClient client;
  final CallOption[] options;

  FlightClients(
      ServerUnderTest server,
      BufferAllocator allocator,
      String user,
      String password,
      String... headers) {
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure(server.host(), server.port()))
            .build();
    List<CallOption> all = new ArrayList<>();
    CredentialCallOption bearer = client.authenticateBasicToken(user, password).orElseThrow();
    all.add(bearer);
    CallHeaders extra = new FlightCallHeaders();
    extra.insert("x-polder-database", server.database());
    for (int i = 0; i < headers.length; i += 2) {
      extra.insert(headers[i], headers[i + 1]);
    }
    all.add(new HeaderCallOption(extra));
    options = all.toArray(new CallOption[0]);
    sql = new FlightSqlClient(client);
  }

  static FlightClients of(ServerUnderTest server, BufferAllocator allocator) {
    return new FlightClients(server, allocator, server.user(), server.password());
  }

  static String freshName() {
    return "t_" + UUID.randomUUID().toString().replace("-", "");
  }

  long update(String statement) {
    return sql.executeUpdate(statement, options);
  }

  List<List<Object>> query(String statement) {
    return fetch(sql.execute(statement, options));
  }

  List<List<Object>> fetch(FlightInfo info) {
    List<List<Object>> rows = new ArrayList<>();
    try (FlightStream stream = sql.getStream(info.getEndpoints().get(0).getTicket(), options)) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          List<Object> cells = new ArrayList<>();
          for (FieldVector vector : root.getFieldVectors()) {
            Object value = vector.getObject(row);
            cells.add(value instanceof org.apache.arrow.vector.util.Text t ? t.toString() : value);
          }
          rows.add(cells);
        }
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  static VectorSchemaRoot ints(BufferAllocator allocator, int... values) {
    IntVector vector = new IntVector("i", allocator);
    for (int i = 0; i < values.length; i++) {
      vector.setSafe(i, values[i]);
    }
    vector.setValueCount(values.length);
    return new VectorSchemaRoot(List.of(vector));
  }

  @Override
  public void close() throws Exception {
    sql.close();
  }
}
