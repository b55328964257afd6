/** Which files nobody can reach any more, and which statements may still read them. */
@NullMarked
package dev.polder.metastore.collect;

import org.jspecify.annotations.NullMarked;
