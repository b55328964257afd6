@NullMarked
package dev.polder.engine;

import org.jspecify.annotations.NullMarked;
