/**
 * The Arrow Flight SQL door: encodes the engine's answers for Flight SQL, JDBC and ADBC clients.
 */
@NullMarked
package dev.polder.door.flight;

import org.jspecify.annotations.NullMarked;
