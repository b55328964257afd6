/** Results on their way to a door. */
@NullMarked
package dev.polder.engine.internal.result;

import org.jspecify.annotations.NullMarked;
