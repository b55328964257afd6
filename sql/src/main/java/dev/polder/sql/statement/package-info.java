/**
 * The statements that Polder understands: immutable descriptions of what the user wrote, with names
 * unresolved and expressions left as text.
 */
@NullMarked
package dev.polder.sql.statement;

import org.jspecify.annotations.NullMarked;
