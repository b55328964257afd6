/** Queries of sources as the text of SQL dialects. */
@NullMarked
package dev.polder.federation.sql;

import org.jspecify.annotations.NullMarked;
