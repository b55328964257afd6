package dev.polder.sql.pushdown;

import java.util.List;
import java.util.Optional;

/**
 * Whether a query is asked of its source as a whole.
 *
 * @param notes why it is not, or why not more of it is
 */
public record BlockDecision(Optional<BlockPlan> plan, List<String> notes) {
  public BlockDecision {
    notes = List.copyOf(notes);
  }
}
