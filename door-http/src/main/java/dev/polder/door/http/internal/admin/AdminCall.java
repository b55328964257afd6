package dev.polder.door.http.internal.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.http.Json;
import java.util.List;
import java.util.Optional;

/**
 * An administrative request as statements. Immutable.
 *
 * @param statements run in this order in one session
 * @param tenant in which to run, when the body said
 * @param database in which to run, when the body said
 * @param reply what the client gets when all have run
 * @param answersRow the reply is the one row that the last statement answers
 */
record AdminCall(
    List<String> statements,
    Optional<String> tenant,
    Optional<String> database,
    ObjectNode reply,
    boolean answersRow) {
  static AdminCall of(SqlText statement, ObjectNode reply) {
    return new AdminCall(
        List.of(statement.toString()), Optional.empty(), Optional.empty(), reply, false);
  }

  static AdminCall of(List<String> statements, ObjectNode reply) {
    return new AdminCall(statements, Optional.empty(), Optional.empty(), reply, false);
  }

  AdminCall in(Optional<String> inTenant, Optional<String> inDatabase) {
    return new AdminCall(statements, inTenant, inDatabase, reply, answersRow);
  }

  AdminCall answeringRow() {
    return new AdminCall(statements, tenant, database, reply, true);
  }

  static ObjectNode reply(String field, String value) {
    return Json.MAPPER.createObjectNode().put(field, value);
  }
}
