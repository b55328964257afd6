@NullMarked
package dev.polder.sql;

import org.jspecify.annotations.NullMarked;
