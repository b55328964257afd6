@NullMarked
package dev.polder.lake.plan;

import org.jspecify.annotations.NullMarked;
