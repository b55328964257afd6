/** Statements, sessions and staged files. */
@NullMarked
package dev.polder.door.http.internal.sql;

import org.jspecify.annotations.NullMarked;
