/** The HTTP door: SQL, sessions, staged files and administration as JSON over HTTP. */
@NullMarked
package dev.polder.door.http;

import org.jspecify.annotations.NullMarked;
