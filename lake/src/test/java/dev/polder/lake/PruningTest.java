package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.lake.write.PartitionExpression;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random tables and filters: a plan that leaves files out answers as one that does not. */
class PruningTest {
  private static final int TABLES = 25;
  private static final int FILTERS = 20;

  @TempDir Path directory;

  @Test
  void aPrunedPlanAnswersAsAnUnprunedOne() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RandomRows rows = new RandomRows(random);
    int left = 0;
    try (TestLake lake = new TestLake(directory)) {
      for (int table = 0; table < TABLES; table++) {
        fill(lake, rows, random);
        TableState state = lake.lake.load(lake.find(T));
        List<List<Object>> all = lake.rows(state, LakeFilter.ALL);
        for (int i = 0; i < FILTERS; i++) {
          LakeFilter filter = rows.filter(2);
          RowFilter exact = new RowFilter(RandomRows.SCHEMA, filter);
          ScanPlan plan = lake.lake.plan(state, filter);
          left += plan.totalFiles() - plan.files().size();
          assertThat(lake.rows(state.schema(), plan).stream().filter(exact).toList())
              .as("seed %d, table %d, spec %s, filter %s", seed, table, state.spec(), filter)
              .containsExactlyInAnyOrderElementsOf(all.stream().filter(exact).toList());
        }
        lake.inTransaction(tx -> tx.drop(lake.find(tx, T)));
      }
    }
    assertThat(left).as("seed %d: some files were left out", seed).isGreaterThan(TABLES);
  }

  private static void fill(TestLake lake, RandomRows rows, Random random) {
    PartitionSpec spec = rows.spec();
    lake.create(T, new TableDefinition(RandomRows.SCHEMA, spec, SortOrder.unsorted(), Map.of(), 2));
    int files = random.nextInt(6);
    lake.inTransaction(tx -> {
      LakeCollection table = lake.find(tx, T);
      TableState state = tx.tableState(table);
      List<DataFileSpec> written = new ArrayList<>();
      for (int i = 0; i < files; i++) {
        Map<List<Object>, List<Object[]>> parts = new LinkedHashMap<>();
        for (int row = random.nextInt(8); row >= 0; row--) {
          Object[] values = rows.row();
          parts.computeIfAbsent(partition(state, values), key -> new ArrayList<>()).add(values);
        }
        parts.forEach(
            (key, part) -> written.add(lake.write(state, key, part.toArray(Object[][]::new))));
      }
      if (!written.isEmpty()) {
        tx.append(table, written);
      }
    });
  }

  /** The row's partition as the product computes it, which has to be as Iceberg does. */
  private static List<Object> partition(TableState table, Object[] values) {
    GenericRecord record = GenericRecord.create(table.schema());
    for (int i = 0; i < values.length; i++) {
      record.set(i, values[i]);
    }
    InternalRecordWrapper internal =
        new InternalRecordWrapper(table.schema().asStruct()).wrap(record);
    PartitionKey expected = new PartitionKey(table.spec(), table.schema());
    expected.partition(internal);
    List<Object> partition = new ArrayList<>();
    for (PartitionExpression field : PartitionExpression.of(table.spec(), table.schema())) {
      int column = field.sourceFieldId() - 1;
      Object value = field.function().apply(internal.get(column, Object.class));
      assertThat(value).isEqualTo(expected.get(partition.size(), Object.class));
      partition.add(value);
    }
    return partition;
  }
}
