/** Directories of Parquet files, of this machine or of an S3-compatible store, as sources. */
@NullMarked
package dev.polder.federation.parquet;

import org.jspecify.annotations.NullMarked;
