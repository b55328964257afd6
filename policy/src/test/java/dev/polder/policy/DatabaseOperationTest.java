package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of rights on whole databases, written out once more: one mark for each cell. */
final class DatabaseOperationTest {
  private static final List<Standing> COLUMNS =
      List.of(
          Standing.SUPERUSER,
          Standing.CLUSTER_ADMIN,
          Standing.TENANT_ADMIN,
          Standing.OWNER,
          Standing.EDITOR,
          Standing.READER,
          Standing.SELF);

  private static final Map<DatabaseOperation, String> TABLE =
      """
                          SCTOERS
      CREATE              xxx....
      DROP                x.x....
      DROP_FORCE          x......
      UNDROP              x......
      RENAME              x..x...
      SET_QUOTA           xx.....
      SET_TENANT_QUOTA    xx.x...
      SET_AUDIT_DML       x..x...
      SET_IDLE_TIMEOUT    x..x...
      MATERIALIZE         xx.x...
      PROMOTE             x......
      CLONE               x......
      RESET               x......
      DIFF                x......
      MIRROR              x......
      MOVE_TENANT         x......
      BACKUP              x..x...
      RESTORE             x......
      GRANT               xxxx...
      SET_USER_DEFAULT    xx....x
      SET_TENANT_DEFAULT  xx.....
      SHOW                xxx..x.
      OBSERVE             xx.x...
      KILL_SESSION        x..x..x
      """
          .lines()
          .skip(1)
          .map(line -> line.split("\\s+"))
          .collect(
              Collectors.toMap(cells -> DatabaseOperation.valueOf(cells[0]), cells -> cells[1]));

  @ParameterizedTest
  @EnumSource(DatabaseOperation.class)
  void eachCellIsAsTheTableSays(DatabaseOperation operation) {
    String row = TABLE.get(operation);
    for (Standing standing : COLUMNS) {
      assertThat(operation.decide(EnumSet.of(standing)).allowed())
          .as(operation + " by " + standing)
          .isEqualTo(row.charAt(COLUMNS.indexOf(standing)) == 'x');
    }
    assertThat(operation.decide(EnumSet.noneOf(Standing.class)).allowed()).isFalse();
  }

  @Test
  void theTableIsWhole() {
    assertThat(TABLE).containsOnlyKeys(DatabaseOperation.values());
    assertThat(COLUMNS).containsExactlyInAnyOrder(Standing.values());
    assertThat(Arrays.stream(DatabaseOperation.values()).map(DatabaseOperationTest::denial))
        .doesNotHaveDuplicates();
  }

  private static String denial(DatabaseOperation operation) {
    return operation.decide(EnumSet.noneOf(Standing.class)).toString();
  }
}
