/** Sources: connections to other systems, what can be asked of them, and their secrets. */
@NullMarked
package dev.polder.federation;

import org.jspecify.annotations.NullMarked;
