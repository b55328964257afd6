@NullMarked
package dev.polder.benchmarks;

import org.jspecify.annotations.NullMarked;
