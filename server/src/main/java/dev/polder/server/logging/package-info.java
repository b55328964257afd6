/** What is logged, and how it looks. */
@NullMarked
package dev.polder.server.logging;

import org.jspecify.annotations.NullMarked;
