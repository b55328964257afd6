/** The one collector of files that nobody can reach any more. */
@NullMarked
package dev.polder.lake.collect;

import org.jspecify.annotations.NullMarked;
