package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.filter.LakeFilter.Column;
import dev.polder.lake.filter.LakeFilter.Comparison;
import dev.polder.lake.filter.LakeFilter.Operator;
import java.nio.file.Path;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyCommitsTest {
  @Test
  void aThousandSmallCommitsStayCheap(@TempDir Path directory) {
    try (TestLake lake = new TestLake(directory)) {
      lake.create(T, TableDefinition.of(TestLake.PEOPLE));
      for (long i = 0; i < 1000; i++) {
        lake.append(T, row(i, "name " + i));
      }
      TableState state = lake.lake.load(lake.find(T));
      int manifests =
          state.snapshot().orElseThrow().allManifests(lake.lake.warehouse().io()).size();
      assertThat(manifests).isLessThanOrEqualTo(LakeOptions.DEFAULT.manifestsBeforeMerge() + 1);
      assertThat(state.metadata().snapshots())
          .hasSizeLessThanOrEqualTo(LakeOptions.DEFAULT.snapshotsKept() + 1);
      assertThat(state.metadata().previousFiles()).hasSizeLessThanOrEqualTo(1);
      assertThat(TableMetadataParser.toJson(state.metadata()).length()).isLessThan(20_000);
      LakeFilter one = new Comparison(Column.of("id"), Operator.EQUAL, 500);
      assertThat(lake.lake.plan(state, LakeFilter.ALL).files()).hasSize(1000);
      assertThat(lake.lake.plan(state, one).files()).hasSize(1);
    }
  }
}
