@NullMarked
package dev.polder.server.suite.transaction;

import org.jspecify.annotations.NullMarked;
