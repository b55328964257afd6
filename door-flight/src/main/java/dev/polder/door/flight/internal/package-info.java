/** The Flight SQL door's own parts. */
@NullMarked
package dev.polder.door.flight.internal;

import org.jspecify.annotations.NullMarked;
