/** A space as an Iceberg catalog, on the same commit path as everything else. */
@NullMarked
package dev.polder.lake.catalog;

import org.jspecify.annotations.NullMarked;
