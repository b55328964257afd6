/** DuckDB instances, one for each space with work, and the private catalogs in them. */
@NullMarked
package dev.polder.engine.internal.instance;

import org.jspecify.annotations.NullMarked;
