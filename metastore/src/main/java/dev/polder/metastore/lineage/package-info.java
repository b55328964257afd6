/** What was cut from what: clones, moves and mirrors, and the history that they share. */
@NullMarked
package dev.polder.metastore.lineage;

import org.jspecify.annotations.NullMarked;
