/**
 * Identifiers, securables, error codes and secrets that every module shares. Depends on the JDK
 * alone.
 */
@NullMarked
package dev.polder.model;

import org.jspecify.annotations.NullMarked;
