/** MySQL and MariaDB as sources. */
@NullMarked
package dev.polder.federation.mysql;

import org.jspecify.annotations.NullMarked;
