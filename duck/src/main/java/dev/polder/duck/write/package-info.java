@NullMarked
package dev.polder.duck.write;

import org.jspecify.annotations.NullMarked;
