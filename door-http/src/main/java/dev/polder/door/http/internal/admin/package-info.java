/** The administration API: each call becomes one SQL statement. */
@NullMarked
package dev.polder.door.http.internal.admin;

import org.jspecify.annotations.NullMarked;
