/** Measuring, comparing and reporting. */
@NullMarked
package dev.polder.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
