/** An S3 store that gives temporary keys and holds them to their policies, for tests. */
@NullMarked
package dev.polder.s3;

import org.jspecify.annotations.NullMarked;
