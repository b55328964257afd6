/** Databases made of other databases' states, by rows alone. */
@NullMarked
package dev.polder.lake.lineage;

import org.jspecify.annotations.NullMarked;
