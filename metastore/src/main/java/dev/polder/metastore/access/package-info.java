/** Principals, groups, roles, grants, policies and tokens. */
@NullMarked
package dev.polder.metastore.access;

import org.jspecify.annotations.NullMarked;
