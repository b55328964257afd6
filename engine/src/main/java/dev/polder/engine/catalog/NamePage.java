package dev.polder.engine.catalog;

import java.util.List;
import java.util.Optional;

/**
 * One page of names. Immutable.
 *
 * @param next what to pass as {@code after} for the following page; empty on the last one
 */
public record NamePage<T>(List<T> names, Optional<String> next) {
  public NamePage {
    names = List.copyOf(names);
  }
}
