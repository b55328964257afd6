/** The secrets of sources: stored values, and references into other systems' secret stores. */
@NullMarked
package dev.polder.federation.secret;

import org.jspecify.annotations.NullMarked;
