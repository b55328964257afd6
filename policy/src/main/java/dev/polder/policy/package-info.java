@NullMarked
package dev.polder.policy;

import org.jspecify.annotations.NullMarked;
