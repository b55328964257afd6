/** How set-up SQL is read, checked and filled in. */
@NullMarked
package dev.polder.federation.setup.internal;

import org.jspecify.annotations.NullMarked;
