/** Databases as Iceberg catalogs, under the same grants as SQL. */
@NullMarked
package dev.polder.engine.catalog;

import org.jspecify.annotations.NullMarked;
