/** How values of sources travel to DuckDB. */
@NullMarked
package dev.polder.federation.arrow;

import org.jspecify.annotations.NullMarked;
