/** From text to statements: lexer, limits, the small grammars of statement heads. */
@NullMarked
package dev.polder.sql.parse;

import org.jspecify.annotations.NullMarked;
