@NullMarked
package dev.polder.server.suite.security;

import org.jspecify.annotations.NullMarked;
