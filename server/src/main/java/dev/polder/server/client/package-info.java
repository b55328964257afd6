/** Talks to a running server over HTTP, as any client would. */
@NullMarked
package dev.polder.server.client;

import org.jspecify.annotations.NullMarked;
