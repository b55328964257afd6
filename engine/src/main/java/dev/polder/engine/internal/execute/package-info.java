/** How each kind of statement runs. */
@NullMarked
package dev.polder.engine.internal.execute;

import org.jspecify.annotations.NullMarked;
