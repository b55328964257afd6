/** Files that users bring and fetch for COPY. */
@NullMarked
package dev.polder.engine.internal.staging;

import org.jspecify.annotations.NullMarked;
