@NullMarked
package dev.polder.lake.type;

import org.jspecify.annotations.NullMarked;
