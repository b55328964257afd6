/** The grammars of statement heads. */
@NullMarked
package dev.polder.sql.parse.internal;

import org.jspecify.annotations.NullMarked;
