/** Who asks. */
@NullMarked
package dev.polder.door.http.internal.auth;

import org.jspecify.annotations.NullMarked;
