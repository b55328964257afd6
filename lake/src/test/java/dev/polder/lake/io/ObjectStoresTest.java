package dev.polder.lake.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of stores that this server cannot open: it is without the modules here. */
final class ObjectStoresTest {
  private static final StoreSettings SETTINGS =
      new StoreSettings(
          new S3Settings(Optional.empty(), "us-east-1", Optional.empty(), false, Optional.empty()),
          new GcsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
          new AzureSettings(Optional.empty(), Optional.empty(), Duration.ofHours(1)));

  @Test
  void a_store_whose_module_is_missing_is_refused_with_how_to_add_it() {
    assertThatThrownBy(() -> Warehouse.open("gs://bucket/prefix", SETTINGS))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("gs://bucket/prefix")
        .hasMessageContaining("'./polder stores gcs'");
    assertThatThrownBy(
            () -> Warehouse.open("abfss://c@account.dfs.core.windows.net/prefix", SETTINGS))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("'./polder stores azure'");
  }

  @Test
  void an_unknown_scheme_is_refused_with_those_that_are_known() {
    assertThatThrownBy(() -> Warehouse.open("hdfs://host/prefix", SETTINGS))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("gs://…");
  }
}
