package dev.polder.door.flight.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SettingsTest {
  private final Settings settings = new Settings();

  @Test
  void anotherDatabaseMakesTheSchemasChosenBeforeVoid() {
    settings.add("USE DATABASE a", true);
    settings.add("SET schema = s", false);
    settings.add("SET TimeZone = 'UTC'", false);
    settings.add("USE b", true);
    assertThat(settings.after(0)).containsExactly("SET TimeZone = 'UTC'", "USE b");
    settings.add("USE t", false);
    settings.add("SET search_path = u", false);
    assertThat(settings.after(0))
        .describedAs("the schema is looked for in its database")
        .containsExactly("SET TimeZone = 'UTC'", "USE b", "SET search_path = u");
  }

  @Test
  void theDatabaseIsKeptHoweverManySettingsThereAre() {
    for (int i = 0; i < 300; i++) {
      settings.add("SET s" + i + " = 1", false);
    }
    assertThat(settings.add("SET one_more = 1", false)).isFalse();
    assertThat(settings.add("USE b", true)).isTrue();
    assertThat(settings.after(settings.last() - 1)).containsExactly("USE b");
  }
}
