/** How expressions and blocks of DuckDB's syntax tree become what a source is asked. */
@NullMarked
package dev.polder.sql.pushdown.internal;

import org.jspecify.annotations.NullMarked;
