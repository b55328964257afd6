/** Answers of SHOW and of administrative statements. */
@NullMarked
package dev.polder.engine.internal.show;

import org.jspecify.annotations.NullMarked;
