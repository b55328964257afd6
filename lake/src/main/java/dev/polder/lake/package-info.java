@NullMarked
package dev.polder.lake;

import org.jspecify.annotations.NullMarked;
