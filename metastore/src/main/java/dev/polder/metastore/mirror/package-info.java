/** Databases that follow another one, in this server or in another one. */
@NullMarked
package dev.polder.metastore.mirror;

import org.jspecify.annotations.NullMarked;
