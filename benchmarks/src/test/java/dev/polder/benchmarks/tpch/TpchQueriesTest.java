package dev.polder.benchmarks.tpch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class TpchQueriesTest {
  @Test
  void thereAreTwentyTwoQueries() {
    List<TpchQueries.Query> queries = TpchQueries.all(BigDecimal.ONE);

    assertThat(queries).hasSize(22);
    assertThat(queries).allSatisfy(query -> assertThat(query.sql()).doesNotContain("$", ";"));
  }

  @Test
  void theShareOfQueryElevenShrinksWithTheScale() {
    assertThat(TpchQueries.all(BigDecimal.ONE).get(10).sql()).contains("* 0.0001\n");
    assertThat(TpchQueries.all(new BigDecimal("0.1")).get(10).sql()).contains("* 0.001\n");
  }
}
