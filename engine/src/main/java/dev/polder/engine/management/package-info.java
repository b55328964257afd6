/**
 * Principals, roles, catalogs and grants in the words of Polaris' management API: another
 * vocabulary for what SQL's administrative statements change, and no second copy of it.
 */
@NullMarked
package dev.polder.engine.management;

import org.jspecify.annotations.NullMarked;
