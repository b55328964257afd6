/** Writes results for people and for programs: aligned tables, CSV, JSON. */
@NullMarked
package dev.polder.server.table;

import org.jspecify.annotations.NullMarked;
