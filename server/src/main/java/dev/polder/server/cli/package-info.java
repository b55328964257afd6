/** The commands of ./polder. */
@NullMarked
package dev.polder.server.cli;

import org.jspecify.annotations.NullMarked;
