/** The sources of spaces, their secrets and the policies on their tables. */
@NullMarked
package dev.polder.metastore.source;

import org.jspecify.annotations.NullMarked;
