package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaId;
import dev.polder.model.Securable;
import dev.polder.model.SourceId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.internal.GrantIndex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessPropertyTest {
  private static final SpaceKey SPACE = new SpaceKey(new DatabaseId(1024), new TenantId("acme"));
  private static final SourceId SOURCE = new SourceId("fs-1");
  private static final int SCHEMAS = 3;
  private static final int TABLES = 3;
  private static final int COLUMNS = 3;

  @Test
  void decidesAsAListOfGrantsReadOneByOne() {
    RandomRuns.repeat(300, random -> checkDecisions(grants(random)));
  }

  private static void checkDecisions(List<Grant> grants) {
    Access access = access(grants);
    for (Privilege privilege : Privilege.values()) {
      sourcePaths()
          .forEach(path ->
              assertThat(access.onSource(privilege, SOURCE, path, "x").allowed())
                  .isEqualTo(allowed(grants, privilege, source(path))));
      assertThat(access.onSpace(privilege, "d").allowed())
          .isEqualTo(allowed(grants, privilege, new Securable.Space(SPACE)));
      for (int s = 0; s < SCHEMAS; s++) {
        assertThat(access.onSchema(privilege, schema(s), "s").allowed())
            .isEqualTo(allowed(grants, privilege, new Securable.Schema(SPACE, schema(s))));
        for (int t = 0; t < TABLES; t++) {
          Securable.Collection table = table(s, t);
          assertThat(access.onCollection(privilege, schema(s), table.collection(), "t").allowed())
              .isEqualTo(allowed(grants, privilege, table));
          for (int columns = 1; columns < 1 << COLUMNS; columns++) {
            assertColumns(access, grants, privilege, table, columns);
          }
        }
      }
    }
  }

  @Test
  void showsAnObjectExactlyWhenSomeGrantIsAboveOnOrBelowIt() {
    RandomRuns.repeat(300, random -> checkVisible(grants(random)));
  }

  private static void checkVisible(List<Grant> grants) {
    Access access = access(grants);
    assertThat(access.mayBind()).isEqualTo(!grants.isEmpty());
    sourcePaths()
        .forEach(path ->
            assertThat(access.visibleSource(SOURCE, path))
                .isEqualTo(touched(grants, source(path))));
    for (int s = 0; s < SCHEMAS; s++) {
      assertThat(access.visible(schema(s)))
          .isEqualTo(touched(grants, new Securable.Schema(SPACE, schema(s))));
      for (int t = 0; t < TABLES; t++) {
        Securable.Collection table = table(s, t);
        assertThat(access.visible(schema(s), table.collection())).isEqualTo(touched(grants, table));
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(access.visible(schema(s), table.collection(), c))
              .isEqualTo(touched(grants, column(table, c)));
        }
      }
    }
  }

  private static void assertColumns(
      Access access,
      List<Grant> grants,
      Privilege privilege,
      Securable.Collection table,
      int columns) {
    Map<Integer, String> asked = new LinkedHashMap<>();
    boolean each = true;
    for (int c = 0; c < COLUMNS; c++) {
      if ((columns & 1 << c) != 0) {
        asked.put(c, "c" + c);
        each &= allowed(grants, privilege, column(table, c));
      }
    }
    assertThat(
            access.onColumns(privilege, table.schema(), table.collection(), "s.t", asked).allowed())
        .isEqualTo(each);
  }

  private static Access access(List<Grant> grants) {
    return new Access(
        false,
        false,
        false,
        Map.of(),
        Map.of(),
        new GrantIndex(grants),
        Map.of(),
        Map.of(),
        new PolicyContext(new PrincipalName("ana"), SPACE.tenant(), Set.of(), Set.of()));
  }

  /** The model: some grant of the privilege whose securable is the object or one above it. */
  private static boolean allowed(List<Grant> grants, Privilege privilege, Securable object) {
    return grants.stream()
        .anyMatch(g -> g.privilege() == privilege && path(object).contains(g.securable()));
  }

  private static boolean touched(List<Grant> grants, Securable object) {
    return grants.stream()
        .anyMatch(
            g -> path(object).contains(g.securable()) || path(g.securable()).contains(object));
  }

  private static Set<Securable> path(Securable object) {
    return switch (object) {
      case Securable.Space space -> Set.of(space);
      case Securable.Schema schema -> Set.of(schema, new Securable.Space(SPACE));
      case Securable.Collection table ->
          Set.of(table, new Securable.Schema(SPACE, table.schema()), new Securable.Space(SPACE));
      case Securable.Column column ->
          Set.of(
              column,
              new Securable.Collection(SPACE, column.schema(), column.collection()),
              new Securable.Schema(SPACE, column.schema()),
              new Securable.Space(SPACE));
      case Securable.Source source ->
          IntStream.rangeClosed(0, source.path().size())
              .mapToObj(depth -> source(source.path().subList(0, depth)))
              .collect(Collectors.toUnmodifiableSet());
    };
  }

  private static Securable.Source source(List<String> path) {
    return new Securable.Source(SPACE, SOURCE, path);
  }

  private static Stream<List<String>> sourcePaths() {
    return Stream.of(
        List.of(),
        List.of("a"),
        List.of("b"),
        List.of("a", "a"),
        List.of("a", "b"),
        List.of("b", "a"),
        List.of("a", "a", "a"),
        List.of("a", "a", "b"),
        List.of("b", "a", "a"));
  }

  private static SchemaId schema(int s) {
    return new SchemaId("s" + s);
  }

  private static Securable.Collection table(int s, int t) {
    return new Securable.Collection(SPACE, schema(s), new CollectionId("s" + s + "t" + t));
  }

  private static Securable.Column column(Securable.Collection table, int c) {
    return new Securable.Column(SPACE, table.schema(), table.collection(), c);
  }

  private static List<Grant> grants(Random random) {
    Privilege[] privileges = Privilege.values();
    return Stream.generate(
            () -> new Grant(privileges[random.nextInt(privileges.length)], securable(random)))
        .limit(random.nextInt(13))
        .distinct()
        .toList();
  }

  /** Few grants on the whole space, which would decide everything else. */
  private static Securable securable(Random random) {
    int level = random.nextInt(20);
    if (level >= 16) {
      return source(sourcePaths().toList().get(random.nextInt(9)));
    }
    int schema = random.nextInt(SCHEMAS);
    if (level == 0) {
      return new Securable.Space(SPACE);
    }
    if (level <= 3) {
      return new Securable.Schema(SPACE, schema(schema));
    }
    Securable.Collection table = table(schema, random.nextInt(TABLES));
    return level <= 9 ? table : column(table, random.nextInt(COLUMNS));
  }
}
