package dev.polder.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import dev.polder.server.table.ResultPrinter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** Requests about the sources of one tenant in one database, and their answers as tables. */
record SourceCalls(CommandContext context, ClientOptions client, FormatOptions format) {
  /** A request. */
  record Call(String method, String path, @Nullable JsonNode body) {
    static Call get(String path) {
      return new Call("GET", path, null);
    }
  }

  /**
   * Sends a request and shows the objects of an answer's list.
   *
   * @param member the list; null: the answer itself is the one object
   * @param fields those to show, in order
   */
  int show(Call call, @Nullable String member, List<String> fields) {
    ResultPrinter printer = printer();
    try (PolderClient server = client.connect(context)) {
      JsonNode answer = server.call(call.method(), path(server, call.path()), call.body());
      printer.print(table(answer, member, fields), format.format(), false);
      return ExitCode.OK;
    } catch (ServerFailure failure) {
      printer.print(failure, "");
      return ExitCode.SOFTWARE;
    }
  }

  /** Sends a request whose answer says nothing. */
  int run(Call call, String done) {
    try (PolderClient server = client.connect(context)) {
      var _ = server.call(call.method(), path(server, call.path()), call.body());
      context.screen().note(done);
      return ExitCode.OK;
    } catch (ServerFailure failure) {
      printer().print(failure, "");
      return ExitCode.SOFTWARE;
    }
  }

  private ResultPrinter printer() {
    Screen screen = context.screen();
    return new ResultPrinter(screen.out(), screen.err(), screen.style());
  }

  private String path(PolderClient server, String path) {
    String tenant = server.target().tenant();
    String database = server.target().database();
    if (tenant == null || database == null) {
      throw new ParameterException(
          client.commandLine(),
          "say whose sources: give --tenant and --database, the database's full name");
    }
    return "/api/tenants/"
        + segment(tenant)
        + "/tenant-dbs/"
        + segment(database)
        + "/federated-sources"
        + path;
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static QueryResult table(JsonNode answer, @Nullable String member, List<String> fields) {
    List<List<JsonNode>> rows = new ArrayList<>();
    for (JsonNode object : member == null ? List.of(answer) : answer.path(member)) {
      rows.add(
          fields.stream()
              .map(field -> object.isObject() ? cell(object.path(field)) : object)
              .toList());
    }
    List<QueryResult.Column> columns =
        fields.stream().map(field -> new QueryResult.Column(field, "VARCHAR")).toList();
    return new QueryResult(columns, rows, null, 0, List.of());
  }

  /** Tables show texts. */
  private static JsonNode cell(JsonNode value) {
    return value.isContainerNode() ? TextNode.valueOf(value.toString()) : value;
  }
}
