/**
 * {@code information_schema} and {@code pg_catalog}: relations made of what a principal may see.
 */
@NullMarked
package dev.polder.sql.catalog;

import org.jspecify.annotations.NullMarked;
