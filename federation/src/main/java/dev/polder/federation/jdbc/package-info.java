/** What sources reached by JDBC have in common, and those of any driver. */
@NullMarked
package dev.polder.federation.jdbc;

import org.jspecify.annotations.NullMarked;
