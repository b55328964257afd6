/** The listening socket: limits, TLS, disconnects. */
@NullMarked
package dev.polder.door.http.internal.net;

import org.jspecify.annotations.NullMarked;
