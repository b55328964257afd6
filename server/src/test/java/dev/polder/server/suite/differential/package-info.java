@NullMarked
package dev.polder.server.suite.differential;

import org.jspecify.annotations.NullMarked;
