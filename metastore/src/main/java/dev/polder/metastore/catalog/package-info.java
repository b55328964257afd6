/** Tenants, databases, spaces, schemas and collections, now and as of any commit. */
@NullMarked
package dev.polder.metastore.catalog;

import org.jspecify.annotations.NullMarked;
