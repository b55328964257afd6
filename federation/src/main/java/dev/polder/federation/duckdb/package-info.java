/** DuckDB's database files as sources, and what else DuckDB reads for sources. */
@NullMarked
package dev.polder.federation.duckdb;

import org.jspecify.annotations.NullMarked;
