/** Access of other engines to tables' files: what is given, and the trail of it. */
@NullMarked
package dev.polder.engine.internal.delegation;

import org.jspecify.annotations.NullMarked;
