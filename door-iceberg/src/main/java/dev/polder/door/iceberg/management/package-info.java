/** Polaris' management API over the engine's: paths, JSON and statuses alone. */
@NullMarked
package dev.polder.door.iceberg.management;

import org.jspecify.annotations.NullMarked;
