/** SQLite's database files as sources. */
@NullMarked
package dev.polder.federation.sqlite;

import org.jspecify.annotations.NullMarked;
