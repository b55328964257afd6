package dev.polder.door.http;

import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.StatementParser;
import dev.polder.sql.statement.AdminStatement;
import dev.polder.sql.statement.DatabaseStatement.AlterDatabase;
import dev.polder.sql.statement.DatabaseStatement.DatabaseChange;
import dev.polder.sql.statement.QuotaStatement.SetQuota;
import dev.polder.sql.statement.QuotaStatement.ShowQuota;
import dev.polder.sql.statement.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kinds of administrative statements that the grammar knows, so that a test can tell which of
 * them a door cannot say. Stateless.
 */
public final class StatementKinds {
  private static final StatementParser PARSER = new StatementParser(ParserLimits.DEFAULT);

  private StatementKinds() {}

  /** All of them. */
  public static Set<String> all() {
    return leaves(AdminStatement.class)
        .flatMap(kind -> {
          if (kind == AlterDatabase.class) {
            return leaves(DatabaseChange.class).map(Class::getSimpleName);
          }
          if (kind == AdminStatement.AlterUser.class) {
            return leaves(AdminStatement.UserChange.class).map(StatementKinds::ofUser);
          }
          if (kind == SetQuota.class) {
            return Stream.of("SetQuota", "SetQuota of a tenant");
          }
          if (kind == ShowQuota.class) {
            return Stream.of("quota", "usage")
                .flatMap(what -> Stream.of("Show " + what, "Show " + what + " of a tenant"));
          }
          return Stream.of(kind.getSimpleName());
        })
        .collect(Collectors.toSet());
  }

  /** The kind of one; empty: it is not administrative. */
  public static Optional<String> of(String sql) {
    Statement statement = PARSER.parseOne(sql);
    return statement instanceof AdminStatement admin ? Optional.of(kind(admin)) : Optional.empty();
  }

  private static String kind(AdminStatement statement) {
    return switch (statement) {
      case AlterDatabase alter -> alter.change().getClass().getSimpleName();
      case AdminStatement.AlterUser alter -> ofUser(alter.change().getClass());
      case SetQuota set -> "SetQuota" + (set.tenant().isPresent() ? " of a tenant" : "");
      case ShowQuota show ->
          "Show "
              + (show.usage() ? "usage" : "quota")
              + (show.tenant().isPresent() ? " of a tenant" : "");
      default -> statement.getClass().getSimpleName();
    };
  }

  private static String ofUser(Class<?> change) {
    return change.getSimpleName() + " of a user";
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(StatementKinds::leaves)
        : Stream.of(type);
  }
}
