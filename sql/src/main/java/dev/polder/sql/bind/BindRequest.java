package dev.polder.sql.bind;

import dev.polder.policy.Access;
import dev.polder.sql.authorise.AuthorizedQuery;
import dev.polder.sql.authorise.SpaceReader;
import dev.polder.sql.catalog.VisibleSpace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * One query to bind.
 *
 * @param access whose row filters and masks apply: always the principal's who asks
 * @param files finds the tables' files
 * @param visible what metadata relations show; asked for only when one is read
 * @param target index of the table reference that is to show each row's identity, in the columns
 *     {@link Binder#FILE} and {@link Binder#ROW}
 * @param targetRows the query that stands for the target instead, such as rows about to be written
 * @param macros functions about the session, such as {@code current_user}
 */
public record BindRequest(
    AuthorizedQuery query,
    Access access,
    SpaceReader reader,
    ReadableFiles files,
    Supplier<VisibleSpace> visible,
    ParameterValues parameters,
    Constants constants,
    OptionalInt target,
    Optional<String> targetRows,
    List<CatalogContents.Definition.Macro> macros) {
  public BindRequest {
    macros = List.copyOf(macros);
  }
}
