@NullMarked
package dev.polder.lake.filter;

import org.jspecify.annotations.NullMarked;
