/** A space as one statement sees it. */
@NullMarked
package dev.polder.engine.internal.space;

import org.jspecify.annotations.NullMarked;
