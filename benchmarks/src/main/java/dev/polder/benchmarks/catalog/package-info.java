/** Iceberg REST catalogs side by side: the servers, one client for all, and what is measured. */
@NullMarked
package dev.polder.benchmarks.catalog;

import org.jspecify.annotations.NullMarked;
