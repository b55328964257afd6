/** The encodings of a result. */
@NullMarked
package dev.polder.door.http.internal.result;

import org.jspecify.annotations.NullMarked;
