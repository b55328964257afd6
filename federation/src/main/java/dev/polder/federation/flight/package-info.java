/** Servers of Arrow Flight SQL as sources. */
@NullMarked
package dev.polder.federation.flight;

import org.jspecify.annotations.NullMarked;
