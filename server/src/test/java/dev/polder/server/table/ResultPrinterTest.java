package dev.polder.server.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.polder.server.client.QueryResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ResultPrinterTest {
  @Test
  void theAuditTrailOnATerminalLeavesOutWhatOnlyProgramsRead() {
    assertThat(print(new Style(false, false, 120), ResultPrinter.Format.TABLE))
        .contains("tenant_moved", "without detail, hash")
        .doesNotContain("0123abcd");
    assertThat(print(new Style(false, false, 120), ResultPrinter.Format.EXPANDED))
        .contains("0123abcd");
    assertThat(print(Style.PLAIN, ResultPrinter.Format.TABLE)).contains("0123abcd");
    assertThat(print(new Style(false, false, 120), ResultPrinter.Format.JSON)).contains("0123abcd");
  }

  private static String print(Style style, ResultPrinter.Format format) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    QueryResult trail =
        new QueryResult(
            Stream.of("seq", "event_type", "detail", "hash")
                .map(name -> new QueryResult.Column(name, "VARCHAR"))
                .toList(),
            List.of(
                Stream.of("1", "tenant_moved", "{}", "0123abcd")
                    .<JsonNode>map(JsonNodeFactory.instance::textNode)
                    .toList()),
            null,
            0,
            List.of());
    new ResultPrinter(out, out, style).print(trail, format, false);
    return text.toString();
  }
}
