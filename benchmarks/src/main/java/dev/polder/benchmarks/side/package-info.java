/** The sides that are compared: a Polder server with its clients, and DuckDB alone. */
@NullMarked
package dev.polder.benchmarks.side;

import org.jspecify.annotations.NullMarked;
