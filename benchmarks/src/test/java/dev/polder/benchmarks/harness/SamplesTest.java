package dev.polder.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void theMedianIsTheMiddleValueWhateverTheOrder() {
    assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
    assertThat(Samples.of(4, 1, 2, 3).median()).isEqualTo(2.5);
  }

  @Test
  void percentilesLieBetweenTheirNeighbours() {
    assertThat(Samples.of(0, 10).percentile(99)).isEqualTo(9.9);
    assertThat(Samples.of(7).percentile(99)).isEqualTo(7);
  }

  @Test
  void noMeasurementsAreNoSamples() {
    assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
