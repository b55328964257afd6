/** How each secret store is asked. */
@NullMarked
package dev.polder.federation.secret.internal;

import org.jspecify.annotations.NullMarked;
