package dev.polder.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The arrows of docs/ARCHITECTURE.md, read from the compiled classes. */
class ArchitectureTest {
  private static final String ROOT = "dev.polder.";
  private static final String VAGUE_NAME = "(?i:.*(manager|helper|utils?|impl))\\d*";

  /** What each module may use besides itself; the doors' share of policy has a rule of its own. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          entry("model", Set.of()),
          entry("metastore", Set.of("model")),
          entry("policy", Set.of("model", "metastore")),
          entry("lake", Set.of("model", "metastore")),
          entry("duck", Set.of("model")),
          entry("sql", Set.of("model", "duck", "lake", "policy")),
          entry("federation", Set.of("model", "duck", "sql")),
          entry("maintenance", Set.of("model", "metastore", "lake")),
          entry(
              "engine",
              Set.of(
                  "model",
                  "metastore",
                  "policy",
                  "lake",
                  "duck",
                  "sql",
                  "federation",
                  "maintenance")),
          entry("door.flight", Set.of("model", "engine", "policy")),
          entry("http", Set.of("model", "policy")),
          entry("door.http", Set.of("model", "http", "engine", "policy")),
          entry("door.iceberg", Set.of("model", "http", "engine", "policy")));

  static final Set<String> MODULES = ARROWS.keySet();

  /** Libraries that only the modules beside them may know. */
  private static final Map<String, String[]> OWNERS =
      Map.ofEntries(
          entry("org.duckdb..", of("duck", "engine")),
          entry("org.sqlite..", of("metastore", "federation")),
          entry("org.postgresql..", of("metastore", "federation")),
          entry("org.mariadb..", of("federation")),
          entry("org.flywaydb..", of("metastore")),
          entry("org.apache.iceberg..", of("lake", "sql", "engine", "door.iceberg")),
          entry("io.grpc..", of("door.flight", "federation")),
          entry("io.javalin..", of("http")),
          entry("org.eclipse.jetty..", of("http")),
          entry("picocli..", of("server")),
          entry("org.jline..", of("server")));

  static final Set<String> LIBRARIES = OWNERS.keySet();

  private static JavaClasses polder;

  private static String[] of(String... modules) {
    return Stream.of(modules).map(module -> ROOT + module + "..").toArray(String[]::new);
  }

  @BeforeAll
  static void read() {
    polder =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The doors' contracts come as test jars, which know more than the doors may; the S3
            // server
            // is for tests as well.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .withImportOption(location -> !location.contains("s3-server"))
            .importPackages("dev.polder");
  }

  @Test
  void every_class_belongs_to_a_module_of_the_picture() {
    assertThat(polder)
        .extracting(JavaClass::getPackageName)
        .allMatch(name ->
            Stream.concat(MODULES.stream(), Stream.of("server"))
                .anyMatch(module -> (name + ".").startsWith(ROOT + module + ".")));
  }

  @ParameterizedTest
  @FieldSource("MODULES")
  void a_module_uses_only_what_its_arrows_reach(String module) {
    String[] reached =
        Stream.concat(ARROWS.get(module).stream(), Stream.of(module))
            .map(name -> ROOT + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that(in(module))
        .should()
        .dependOnClassesThat(resideInAPackage("dev.polder..").and(not(resideInAnyPackage(reached))))
        .check(polder);
  }

  @Test
  void the_model_needs_the_jdk_alone() {
    classes()
        .that(in("model"))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", ROOT + "model.."))
        .check(polder);
  }

  @Test
  void of_policy_the_doors_know_only_who_someone_is() {
    noClasses()
        .that(in("door"))
        .should()
        .dependOnClassesThat(in("policy").and(not(assignableTo(Identity.class))))
        .check(polder);
  }

  @ParameterizedTest
  @FieldSource("LIBRARIES")
  void a_library_is_known_to_its_owners_alone(String library) {
    noClasses()
        .that(not(resideInAnyPackage(OWNERS.get(library))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(polder);
  }

  @Test
  void what_is_internal_stays_in_its_module() {
    Stream.concat(MODULES.stream(), Stream.of("server"))
        .forEach(module ->
            noClasses()
                .that(resideInAPackage("dev.polder..").and(not(in(module))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + module + "..internal..")
                .check(polder));
  }

  @Test
  void nobody_sleeps() {
    noClasses().should().callMethodWhere(target(Thread.class, "sleep")).check(polder);
  }

  @Test
  void only_the_command_line_writes_to_standard_output() {
    noClasses()
        .that(not(in("server.cli")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(polder);
  }

  @Test
  void logging_is_slf4j() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..")
        .check(polder);
  }

  @Test
  void names_say_what_a_thing_is() {
    classes().should().haveNameNotMatching(VAGUE_NAME).check(polder);
    fields().should().haveNameNotMatching(VAGUE_NAME).check(polder);
  }

  /** What ends inside of a package may be of another kind. */
  @Test
  void below_the_server_there_is_one_kind_of_unchecked_exception() {
    classes()
        .that(
            assignableTo(RuntimeException.class)
                .and(not(in("server")))
                .and(not(resideInAPackage("..internal..")))
                .and(modifier(JavaModifier.PUBLIC)))
        .should()
        .beAssignableTo(PolderException.class)
        .check(polder);
  }

  private static DescribedPredicate<JavaClass> in(String module) {
    return resideInAPackage(ROOT + module + "..");
  }

  private static DescribedPredicate<JavaAccess<?>> target(Class<?> owner, String name) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + name,
        access -> access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(name));
  }
}
