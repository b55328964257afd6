/** The walk over DuckDB's syntax tree. */
@NullMarked
package dev.polder.sql.analyse.internal;

import org.jspecify.annotations.NullMarked;
