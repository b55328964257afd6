/** The interactive SQL shell. */
@NullMarked
package dev.polder.server.shell;

import org.jspecify.annotations.NullMarked;
