/** Administration of sources. */
@NullMarked
package dev.polder.door.http.internal.source;

import org.jspecify.annotations.NullMarked;
