@NullMarked
package dev.polder.door.flight;

import org.jspecify.annotations.NullMarked;
