/** What the server measures. */
@NullMarked
package dev.polder.server.metrics;

import org.jspecify.annotations.NullMarked;
