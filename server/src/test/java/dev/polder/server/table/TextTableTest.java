package dev.polder.server.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static TextTable table(List<List<String>> rows) {
    return new TextTable(
        List.of(new TextTable.Heading("name", false), new TextTable.Heading("n", true)), rows);
  }

  @Test
  void numbersStandRightAndTextsLeft() {
    assertThat(table(List.of(List.of("a", "1"), List.of("bcdef", "200"))).render(Style.PLAIN))
        .containsExactly(" name  |   n", "-------+-----", " a     |   1", " bcdef | 200");
  }

  @Test
  void nullIsDimmedWhereThereIsColour() {
    TextTable table = table(List.of(Arrays.asList("NULL", null)));
    assertThat(table.render(Style.PLAIN).getLast()).isEqualTo(" NULL | NULL");
    assertThat(table.render(new Style(true, true, 0)).getLast())
        .isEqualTo(" NULL │ \u001b[2mNULL\u001b[0m");
  }

  @Test
  void wideColumnsAreCutToTheTerminal() {
    List<String> lines =
        table(List.of(List.of("x".repeat(100), "1"))).render(new Style(true, false, 30));
    assertThat(lines)
        .allSatisfy(line -> assertThat(DisplayText.width(line)).isLessThanOrEqualTo(30));
    assertThat(lines.getLast()).contains("…");
  }

  @Test
  void columnsThatDoNotFitAreCounted() {
    List<TextTable.Heading> headings =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i -> new TextTable.Heading("column" + i, false))
            .toList();
    List<String> cells = headings.stream().map(heading -> "value").toList();
    List<String> lines = new TextTable(headings, List.of(cells)).render(new Style(true, false, 80));
    assertThat(lines.getLast()).contains("more columns");
    assertThat(DisplayText.width(lines.getFirst())).isLessThanOrEqualTo(80);
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    assertThat(DisplayText.width("日本")).isEqualTo(4);
    assertThat(DisplayText.fit("日本語", 5)).isEqualTo("日本…");
  }

  @Test
  void dataCannotSteerTheTerminal() {
    assertThat(DisplayText.visible("a\u001b[2Jb\n\tc\u202ed"))
        .isEqualTo("a\\u001b[2Jb\\n\\tc\\u202ed");
  }

  @Test
  void expandedShowsAColumnALine() {
    assertThat(table(List.of(List.of("a", "1"))).renderExpanded(Style.PLAIN))
        .containsExactly("-- row 1", " name | a", " n    | 1");
  }

  @Test
  void csvTellsNullFromEmpty() {
    assertThat(CsvLine.of(Arrays.asList("a", null, "", "b,c", "d\"e", "f\ng")))
        .isEqualTo("a,,\"\",\"b,c\",\"d\"\"e\",\"f\ng\"");
  }
}
