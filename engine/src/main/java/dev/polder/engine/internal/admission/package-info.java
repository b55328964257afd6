/** How many statements may be in DuckDB at once, and how others wait. */
@NullMarked
package dev.polder.engine.internal.admission;

import org.jspecify.annotations.NullMarked;
