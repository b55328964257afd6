/** The benchmarks themselves. */
@NullMarked
package dev.polder.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
