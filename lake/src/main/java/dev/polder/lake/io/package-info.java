@NullMarked
package dev.polder.lake.io;

import org.jspecify.annotations.NullMarked;
