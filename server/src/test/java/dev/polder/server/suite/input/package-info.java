@NullMarked
package dev.polder.server.suite.input;

import org.jspecify.annotations.NullMarked;
