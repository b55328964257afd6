/** The demonstration: real data, loaded and queried through the server's own doors. */
@NullMarked
package dev.polder.server.demo;

import org.jspecify.annotations.NullMarked;
