/** A client's session: its transaction, settings and prepared statements. */
@NullMarked
package dev.polder.engine.internal.session;

import org.jspecify.annotations.NullMarked;
