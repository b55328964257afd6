/** Warehouses in Google Cloud Storage. */
@NullMarked
package dev.polder.store.gcs;

import org.jspecify.annotations.NullMarked;
