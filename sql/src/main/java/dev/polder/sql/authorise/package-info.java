/**
 * Names, functions and columns of a query checked against what its principal may do. Only this
 * package can make an {@link dev.polder.sql.authorise.AuthorizedQuery}, and only that can be bound.
 */
@NullMarked
package dev.polder.sql.authorise;

import org.jspecify.annotations.NullMarked;
