package dev.polder.engine.internal.dml;

import dev.polder.duck.Sql;
import dev.polder.engine.IngestRequest;
import dev.polder.engine.IngestRequest.IfAbsent;
import dev.polder.engine.internal.define.TableDefinitions;
import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.Transactions;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.sql.statement.ObjectName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.iceberg.types.Types;

/** Bulk ingest: a stream of Arrow batches becomes rows of a table. Stateless. */
public final class IngestExecution {
  private IngestExecution() {}

  /** Runs one ingest as a statement; gives the rows written. */
  public static long run(StatementContext context, IngestRequest request, ArrowReader data) {
    try (Execution execution = context.execution()) {
      return Transactions.change(
          context,
          "INGEST",
          inside -> {
            long rows = apply(inside, execution, request, data);
            context.trail().changed(context, "INGEST", "INGEST", rows);
            return rows;
          });
    }
  }

  private static long apply(
      StatementContext context, Execution execution, IngestRequest request, ArrowReader data) {
    ObjectName name =
        request
            .schema()
            .map(schema -> ObjectName.of(schema, request.table()))
            .orElseGet(() -> ObjectName.of(request.table()));
    Targets targets = Targets.of(context);
    String stream = "ingest_" + UUID.randomUUID().toString().replace("-", "");
    List<String> columns = columns(data);
    // The stream is read by DuckDB through buffers of the reader's own allocator.
    execution.connection().registerArrow(stream, data, allocator(data, execution));
    LakeCollection table = table(context, execution, targets, name, request, stream);
    context.trail().names(table.ref().toString());
    TableState state = context.writing().tableState(table);
    List<Types.NestedField> fields = new ArrayList<>();
    for (String column : columns) {
      fields.add(InsertExecution.column(state, column));
    }
    String select =
        InsertExecution.projection(state, fields, Sql.identifier(stream), columns(columns));
    return InsertExecution.write(
            context, execution, targets, table, state, select, List.of(), Optional.empty())
        .rows();
  }

  private static org.apache.arrow.memory.BufferAllocator allocator(
      ArrowReader data, Execution execution) {
    try {
      var vectors = data.getVectorSchemaRoot().getFieldVectors();
      return vectors.isEmpty() ? execution.allocator() : vectors.getFirst().getAllocator();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static List<String> columns(List<String> names) {
    List<String> positions = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      positions.add("c" + i);
    }
    return positions;
  }

  private static List<String> columns(ArrowReader data) {
    try {
      return data.getVectorSchemaRoot().getSchema().getFields().stream()
          .map(field -> field.getName())
          .toList();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static PolderException unreadable(IOException e) {
    return new PolderException(ErrorCode.BAD_REQUEST, "the Arrow stream cannot be read", e);
  }

  private static LakeCollection table(
      StatementContext context,
      Execution execution,
      Targets targets,
      ObjectName name,
      IngestRequest request,
      String stream) {
    Optional<LakeCollection> existing = targets.find(name);
    if (existing.isPresent()) {
      LakeCollection found = targets.table(name, Privilege.INSERT);
      return switch (request.ifPresent()) {
        case APPEND -> found;
        case FAIL -> throw Targets.exists(found);
        case REPLACE -> {
          targets.creatable(found.ref().schema());
          targets.require(found, Privilege.DROP);
          context
              .writing()
              .replaceTable(
                  found,
                  TableDefinitions.of(
                      context,
                      definition(execution, stream),
                      List.of(),
                      Map.of(),
                      Optional.empty()));
          yield found;
        }
      };
    }
    if (request.ifAbsent() == IfAbsent.FAIL) {
      throw Targets.notFound(name);
    }
    targets.creatable(targets.ref(name).schema());
    LakeCollection made =
        context
            .writing()
            .createTable(
                targets.ref(name),
                TableDefinitions.of(
                    context, definition(execution, stream), List.of(), Map.of(), Optional.empty()));
    context.session().creations().add(made);
    return made;
  }

  /** The stream's columns, in the types that DuckDB reads them as. */
  private static List<TableDefinitions.Column> definition(Execution execution, String stream) {
    return execution
        .connection()
        .describe("SELECT * FROM " + Sql.identifier(stream), execution.allocator())
        .columns()
        .stream()
        .map(column ->
            new TableDefinitions.Column(
                column.name(), column.duckType(), false, Optional.empty(), Optional.empty()))
        .toList();
  }
}
