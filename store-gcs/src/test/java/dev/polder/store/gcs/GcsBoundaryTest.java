package dev.polder.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.CredentialAccessBoundary.AccessBoundaryRule;
import dev.polder.lake.delegation.Reach;
import dev.polder.model.PolderException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GcsBoundaryTest {
  private static final Reach TABLE =
      new Reach(List.of("gs://lake/w/acme/1/t1/"), List.of("gs://lake/w/acme/2/t2/"), true);

  private static List<AccessBoundaryRule> rules(Reach reach) {
    return GcsBoundary.of(reach).getAccessBoundaryRules();
  }

  private static String condition(AccessBoundaryRule rule) {
    return rule.getAvailabilityCondition().getExpression();
  }

  @Test
  void reading_covers_all_places_listing_and_creating_the_own_one() {
    assertThat(rules(TABLE))
        .extracting(
            AccessBoundaryRule::getAvailableResource,
            AccessBoundaryRule::getAvailablePermissions,
            GcsBoundaryTest::condition)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "//storage.googleapis.com/projects/_/buckets/lake",
                List.of("inRole:roles/storage.objectViewer"),
                "resource.name.startsWith('projects/_/buckets/lake/objects/w/acme/1/t1/') ||"
                    + " resource.name.startsWith('projects/_/buckets/lake/objects/w/acme/2/t2/')"
                    + " || api.getAttribute('storage.googleapis.com/objectListPrefix',"
                    + " '').startsWith('w/acme/1/t1/')"),
            org.assertj.core.groups.Tuple.tuple(
                "//storage.googleapis.com/projects/_/buckets/lake",
                List.of("inRole:roles/storage.objectCreator"),
                "resource.name.startsWith('projects/_/buckets/lake/objects/w/acme/1/t1/')"));
  }

  @Test
  void without_the_right_to_write_nothing_is_created() {
    assertThat(rules(TABLE.readOnly()))
        .singleElement()
        .extracting(AccessBoundaryRule::getAvailablePermissions)
        .isEqualTo(List.of("inRole:roles/storage.objectViewer"));
  }

  @Test
  void a_name_cannot_leave_its_string() {
    assertThat(GcsBoundary.literal("a') || true || ('")).isEqualTo("'a\\') || true || (\\''");
    assertThat(GcsBoundary.literal("\\')")).isEqualTo("'\\\\\\')'");
    assertThat(GcsBoundary.literal("line\nfeed\t\0")).isEqualTo("'line\\u000afeed\\u0009\\u0000'");
    assertThat(GcsBoundary.literal("*?${x}%\"Ü")).isEqualTo("'*?${x}%\"Ü'");
    String injected = "gs://lake/x') || resource.name.startsWith('projects/";
    assertThat(condition(rules(new Reach(List.of(injected), List.of(), false)).getFirst()))
        .isEqualTo(
            "resource.name.startsWith('projects/_/buckets/lake/objects/x\\') ||"
                + " resource.name.startsWith(\\'projects/') ||"
                + " api.getAttribute('storage.googleapis.com/objectListPrefix',"
                + " '').startsWith('x\\') || resource.name.startsWith(\\'projects/')");
  }

  private static Reach scattered(int places) {
    return new Reach(
        TABLE.own(),
        IntStream.range(0, places).mapToObj(i -> "gs://lake/w/acme/9/" + i + "/").toList(),
        true);
  }

  @Test
  void many_places_are_spread_over_rules_that_google_takes() {
    assertThat(rules(scattered(40)))
        .hasSizeBetween(3, 10)
        .allSatisfy(rule -> {
          assertThat(condition(rule)).hasSizeLessThan(2_048);
          assertThat(condition(rule).split(" \\|\\| ", -1)).hasSizeLessThanOrEqualTo(12);
        });
  }

  @Test
  void more_places_than_rules_can_name_are_refused_with_what_to_do() {
    assertThatThrownBy(() -> rules(scattered(400)))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("401 places")
        .hasMessageContaining("MATERIALIZE");
  }
}
