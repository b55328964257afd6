@NullMarked
package dev.polder.door.http;

import org.jspecify.annotations.NullMarked;
