/** The catalog for other engines: names, rights, commits. */
@NullMarked
package dev.polder.engine.internal.catalog;

import org.jspecify.annotations.NullMarked;
