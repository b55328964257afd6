/** How the listener works; this module's alone. */
@NullMarked
package dev.polder.http.internal;

import org.jspecify.annotations.NullMarked;
