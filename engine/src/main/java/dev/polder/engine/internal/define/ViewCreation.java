package dev.polder.engine.internal.define;

import dev.polder.engine.Description;
import dev.polder.engine.internal.execute.Described;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.ViewDefinition;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.CreateView;
import dev.polder.sql.statement.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CREATE VIEW: the creator must be able to run the query, and becomes the owner. Stateless. */
final class ViewCreation {
  private ViewCreation() {}

  static void run(StatementContext context, Targets targets, CreateView create) {
    Optional<LakeCollection> existing =
        DefinitionExecution.replaced(
            context, targets, create.name(), create.ifNotExists(), create.orReplace(), true);
    if (existing.isPresent() && create.ifNotExists()) {
      return;
    }
    var analysis = context.engine().analyzer().analyze(create.query());
    if (analysis.parameters().count() > 0) {
      throw new PolderException(ErrorCode.NOT_SUPPORTED, "a view cannot have parameters");
    }
    if (analysis.tables().stream().anyMatch(reference -> reference.span().isEmpty())) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "DESCRIBE, SUMMARIZE and TABLE t cannot be in a view; write SELECT * FROM t");
    }
    Description described = Described.query(context, SqlText.of(create.query().toString()));
    ViewDefinition definition =
        new ViewDefinition(
            create.query().toString(),
            Columns.viewSchema(context, described.columns(), create.columns()),
            context.session().schema(),
            context.session().identity().id().value(),
            Map.of());
    if (existing.isPresent()) {
      context.writing().replaceView(existing.get(), definition);
    } else {
      context
          .session()
          .creations()
          .add(context.writing().createView(targets.ref(create.name()), definition));
    }
  }

  /** Named columns of a query. */
  static final class Columns {
    private Columns() {}

    static org.apache.iceberg.Schema viewSchema(
        StatementContext context,
        List<dev.polder.engine.Result.Column> columns,
        List<String> names) {
      return TableDefinitions.of(
              context, named(columns, names), List.of(), Map.of(), Optional.empty())
          .schema();
    }

    /** The query's columns, under other names where those are given. */
    static List<TableDefinitions.Column> named(
        List<dev.polder.engine.Result.Column> columns, List<String> names) {
      if (!names.isEmpty() && names.size() != columns.size()) {
        throw new PolderException(
            ErrorCode.BINDING_ERROR,
            names.size() + " names are given for " + columns.size() + " columns");
      }
      List<TableDefinitions.Column> named = new java.util.ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String name = names.isEmpty() ? columns.get(i).name() : names.get(i);
        named.add(
            new TableDefinitions.Column(
                name, columns.get(i).type(), false, Optional.empty(), Optional.empty()));
      }
      return named;
    }
  }
}
