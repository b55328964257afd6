@NullMarked
package dev.polder.server;

import org.jspecify.annotations.NullMarked;
