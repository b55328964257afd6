/** The TPC-H data and queries. */
@NullMarked
package dev.polder.benchmarks.tpch;

import org.jspecify.annotations.NullMarked;
