/** Warehouses in Azure Data Lake Storage. */
@NullMarked
package dev.polder.store.azure;

import org.jspecify.annotations.NullMarked;
