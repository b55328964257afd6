/** PostgreSQL as a source. */
@NullMarked
package dev.polder.federation.postgres;

import org.jspecify.annotations.NullMarked;
