package dev.polder.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.table.ResultPrinter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetaCommandsTest {
  private final StringWriter said = new StringWriter();
  private final MetaCommands commands =
      new MetaCommands(new ShellState(ResultPrinter.Format.TABLE), new PrintWriter(said, true));

  @Test
  void connectingToADatabaseIsUseWhateverSchemasThereAre() {
    assertThat(commands.interpret("\\c staging"))
        .isEqualTo(new MetaCommands.Action.Run("USE DATABASE \"staging\"", Optional.of("staging")));
    assertThat(commands.interpret("\\c a\"b;"))
        .isEqualTo(new MetaCommands.Action.Run("USE DATABASE \"a\"\"b\"", Optional.of("a\"b")));
    assertThat(commands.interpret("\\c")).isEqualTo(new MetaCommands.Action.Nothing());
    assertThat(said.toString()).contains("\\c needs the name of a database");
  }
}
