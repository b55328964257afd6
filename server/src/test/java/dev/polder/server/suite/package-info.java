/** Suites that judge a whole server through its sessions and its HTTP door. */
@NullMarked
package dev.polder.server.suite;

import org.jspecify.annotations.NullMarked;
