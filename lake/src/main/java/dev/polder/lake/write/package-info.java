@NullMarked
package dev.polder.lake.write;

import org.jspecify.annotations.NullMarked;
