/**
 * What a query refers to: tables, columns, functions, parameters; found in DuckDB's own syntax
 * tree.
 */
@NullMarked
package dev.polder.sql.analyse;

import org.jspecify.annotations.NullMarked;
