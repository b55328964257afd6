package dev.polder.federation.postgres;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.postgresql.copy.CopyIn;
import org.postgresql.jdbc.PgConnection;

/**
 * Adds rows by a binary COPY. Values whose binary form only the server knows go as text into a
 * temporary table first, as do rows for a view, which takes no COPY. Not thread-safe.
 */
final class PostgresInsert {
  private static final String STAGING = "pg_temp.polder_rows";
  private static final byte[] HEADER =
      "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FLUSH = 1 << 16;

  private final PostgresSql sql;
  private final PostgresErrors errors;
  private final RemoteTable table;
  private final List<RemoteColumn> columns;

  PostgresInsert(
      PostgresSql sql, PostgresErrors errors, RemoteTable table, List<RemoteColumn> columns) {
    this.sql = sql;
    this.errors = errors;
    this.table = table;
    this.columns = columns;
  }

  /** How the values of one column go. */
  private record Sent(String type, boolean staged, FieldVector vector, Encoder encoder) {}

  long run(PostgresSession session, ArrowReader rows) throws SQLException {
    try {
      List<Sent> sent = sent(rows.getVectorSchemaRoot());
      PgConnection connection = session.connection();
      String names =
          columns.stream()
              .map(column -> sql.identifier(column.name()))
              .collect(Collectors.joining(", ", "(", ")"));
      String target = sql.table(table) + names;
      if (!table.view() && sent.stream().noneMatch(Sent::staged)) {
        return copy(connection, target, rows, sent);
      }
      stage(connection, sent);
      copy(connection, STAGING, rows, sent);
      return unstage(connection, target);
    } catch (IOException e) {
      throw errors.failed("the rows to insert could not be read", e);
    }
  }

  private List<Sent> sent(VectorSchemaRoot root) {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      sent.add(sent(columns.get(i), root.getVector(i)));
    }
    return sent;
  }

  private Sent sent(RemoteColumn column, FieldVector vector) {
    String type = PostgresType.uncollated(column.nativeType()).replaceFirst("\\([^)]*\\)", "");
    Optional<Encoder> own = Encoder.of(type, vector);
    if (own.isPresent()) {
      return new Sent(type, false, vector, own.get());
    }
    String carrier = sql.sourceType(column.type());
    return Encoder.of(PostgresType.standard(carrier), vector)
        .map(encoder -> new Sent(carrier, true, vector, encoder))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.TYPE_MISMATCH,
                "column "
                    + column.name()
                    + " of "
                    + table
                    + " is of type "
                    + column.nativeType()
                    + ", which takes no values of Arrow's type "
                    + vector.getField().getType()));
  }

  private void stage(PgConnection connection, List<Sent> sent) throws SQLException {
    StringBuilder create = new StringBuilder("DROP TABLE IF EXISTS " + STAGING + "; ");
    create.append("CREATE TEMPORARY TABLE polder_rows (");
    for (int i = 0; i < sent.size(); i++) {
      create
          .append(i == 0 ? "" : ", ")
          .append('c')
          .append(i)
          .append(' ')
          .append(sent.get(i).type());
    }
    PostgresConnections.execute(connection, create.append(") ON COMMIT DROP").toString());
  }

  private long unstage(PgConnection connection, String target) throws SQLException {
    StringBuilder insert = new StringBuilder("INSERT INTO " + target + " SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      insert
          .append(i == 0 ? "" : ", ")
          .append('c')
          .append(i)
          .append("::")
          .append(PostgresType.uncollated(columns.get(i).nativeType()));
    }
    try (Statement statement = connection.createStatement()) {
      long count = statement.executeLargeUpdate(insert.append(" FROM " + STAGING).toString());
      statement.execute("DROP TABLE " + STAGING);
      return count;
    }
  }

  private long copy(PgConnection connection, String target, ArrowReader rows, List<Sent> sent)
      throws SQLException, IOException {
    CopyIn copy = connection.getCopyAPI().copyIn("COPY " + target + " FROM STDIN (FORMAT binary)");
    try {
      CopyBuffer out = new CopyBuffer();
      out.put(HEADER);
      while (rows.loadNextBatch()) {
        write(copy, out, sent, rows.getVectorSchemaRoot().getRowCount());
      }
      out.putShort(-1);
      flush(copy, out);
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private static void write(CopyIn copy, CopyBuffer out, List<Sent> sent, int count)
      throws SQLException {
    for (int row = 0; row < count; row++) {
      out.putShort(sent.size());
      for (Sent column : sent) {
        Encoder.value(column.encoder(), column.vector(), out, row);
      }
      if (out.length() >= FLUSH) {
        flush(copy, out);
      }
    }
  }

  private static void flush(CopyIn copy, CopyBuffer out) throws SQLException {
    copy.writeToCopy(out.bytes(), 0, out.length());
    out.clear();
  }
}
