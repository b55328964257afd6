/** The certificates that the doors show. */
@NullMarked
package dev.polder.server.tls;

import org.jspecify.annotations.NullMarked;
