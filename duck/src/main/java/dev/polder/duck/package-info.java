@NullMarked
package dev.polder.duck;

import org.jspecify.annotations.NullMarked;
