package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;

/** Translates expressions that contain queries. */
@FunctionalInterface
interface Subqueries {
  /** For places where no query may stand. */
  Subqueries NONE =
      (node, names) -> {
        throw new NotPushed("a subquery");
      };

  /**
   * The expression of a SUBQUERY node.
   *
   * @param translator of the place where it stands, whose names the query sees as outer ones
   */
  RemoteExpression translate(JsonNode node, Translator translator);
}
