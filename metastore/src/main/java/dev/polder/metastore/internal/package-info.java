/** JDBC, transaction runners and migrations; no part of the module's API. */
@NullMarked
package dev.polder.metastore.internal;

import org.jspecify.annotations.NullMarked;
