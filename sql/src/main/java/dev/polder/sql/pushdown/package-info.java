/**
 * Decides what of a query is asked of the sources behind its tables. Nothing here decides rights,
 * and no word of the user's text reaches a source: all goes through {@link
 * dev.polder.sql.remote.RemoteExpression}.
 */
@NullMarked
package dev.polder.sql.pushdown;

import org.jspecify.annotations.NullMarked;
