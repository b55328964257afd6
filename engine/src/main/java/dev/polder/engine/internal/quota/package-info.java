/** Holds sessions and statements to their quotas, and counts what they use. */
@NullMarked
package dev.polder.engine.internal.quota;

import org.jspecify.annotations.NullMarked;
