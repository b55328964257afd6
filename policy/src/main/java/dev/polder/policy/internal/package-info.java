@NullMarked
package dev.polder.policy.internal;

import org.jspecify.annotations.NullMarked;
