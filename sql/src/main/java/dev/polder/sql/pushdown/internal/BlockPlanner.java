package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.pushdown.BlockDecision;
import dev.polder.sql.pushdown.BlockPlan;
import dev.polder.sql.pushdown.OutputColumn;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.pushdown.ResultColumns;
import dev.polder.sql.pushdown.Unparser;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Plans a query of one source as a whole, and failing that as much of it as can be. */
public final class BlockPlanner {
  private final PushdownRequest request;
  private final String relation;
  private final Unparser unparser;
  private final ResultColumns columns;
  private final Set<String> notes = new TreeSet<>();

  public BlockPlanner(
      PushdownRequest request, String relation, Unparser unparser, ResultColumns columns) {
    this.request = request;
    this.relation = relation;
    this.unparser = unparser;
    this.columns = columns;
  }

  public BlockDecision plan() {
    Optional<BlockPlan> plan = Optional.empty();
    try {
      plan = plan(source());
    } catch (NotPushed e) {
      notes.add(e.reason());
    }
    return new BlockDecision(plan, List.copyOf(notes));
  }

  /** The one source of all references. */
  private RemoteReference source() {
    List<RemoteReference> references = new ArrayList<>(request.remotes().values());
    if (references.isEmpty() || references.size() != request.analysis().tables().size()) {
      throw new NotPushed("not all tables are of sources");
    }
    RemoteReference first = references.getFirst();
    for (RemoteReference reference : references) {
      if (!reference.table().alias().equals(first.table().alias())) {
        throw new NotPushed("the tables are of several sources");
      }
      if (reference.restricted()) {
        throw new NotPushed("a row filter or mask stands before a table");
      }
    }
    return first;
  }

  private Optional<BlockPlan> plan(RemoteReference source) {
    JsonNode select = request.statement().path("node");
    List<OutputColumn> wanted = columns.of(request.text().toString());
    if (wanted.isEmpty()) {
      throw new NotPushed("DuckDB does not describe the query");
    }
    Supported supported = new Supported(source.dialect());
    if (Grouping.groups(select)) {
      Optional<BlockPlan> grouped = attempt(select, supported, wanted, true);
      if (grouped.isPresent()) {
        return grouped;
      }
    }
    return attempt(select, supported, wanted, false);
  }

  private Optional<BlockPlan> attempt(
      JsonNode select, Supported supported, List<OutputColumn> wanted, boolean grouped) {
    try {
      Folding folding = new Folding(request.parameters(), request.constants());
      Block block = new Blocks(request, folding).open(select, Names.NOWHERE, CommonTables.NONE);
      LocalSelect local =
          grouped
              ? new GroupedSelect(block, supported, request.parameters()).plan()
              : new RowsSelect(block, supported, request.parameters()).plan();
      supported.check(local.query());
      notes.addAll(local.notes());
      String text = unparser.sql(local.json(wanted));
      Answer answer = local.answer();
      List<OutputColumn> given = columns.of(answer.query(answer.stub(), text));
      if (!given.equals(wanted)) {
        throw new NotPushed("the columns would be " + given + " instead of " + wanted);
      }
      return Optional.of(
          new BlockPlan(
              local.level(),
              request.analysis().tables().getFirst().index(),
              local.query(),
              SqlText.builder().append(answer.query(relation, text)).build()));
    } catch (NotPushed e) {
      notes.add(e.reason());
      return Optional.empty();
    }
  }
}
