/** CREATE, ALTER and DROP of schemas, tables and views. */
@NullMarked
package dev.polder.engine.internal.define;

import org.jspecify.annotations.NullMarked;
