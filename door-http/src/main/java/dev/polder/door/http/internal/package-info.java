/** The door's routes and what each request shares. */
@NullMarked
package dev.polder.door.http.internal;

import org.jspecify.annotations.NullMarked;
