/** Access of other engines to a table's files in an object store, and to nothing else there. */
@NullMarked
package dev.polder.lake.delegation;

import org.jspecify.annotations.NullMarked;
