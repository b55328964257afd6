/** Sources that DuckDB attaches itself, by SQL that an administrator wrote. */
@NullMarked
package dev.polder.federation.setup;

import org.jspecify.annotations.NullMarked;
