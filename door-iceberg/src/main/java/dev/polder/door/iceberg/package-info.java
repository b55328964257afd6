/** The Iceberg REST catalog: any Iceberg engine works on the same tables under the same grants. */
@NullMarked
package dev.polder.door.iceberg;

import org.jspecify.annotations.NullMarked;
