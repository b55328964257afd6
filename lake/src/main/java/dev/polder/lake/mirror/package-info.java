/** Databases that follow those of this server or of others. */
@NullMarked
package dev.polder.lake.mirror;

import org.jspecify.annotations.NullMarked;
