/** Sources at work: their clients, what statements see of them, and what is read from them. */
@NullMarked
package dev.polder.engine.internal.source;

import org.jspecify.annotations.NullMarked;
