@NullMarked
package dev.polder.metastore;

import org.jspecify.annotations.NullMarked;
