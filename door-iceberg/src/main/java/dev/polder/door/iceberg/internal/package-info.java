/** Endpoints of the Iceberg REST specification. */
@NullMarked
package dev.polder.door.iceberg.internal;

import org.jspecify.annotations.NullMarked;
