/** The whole control plane as one document. */
@NullMarked
package dev.polder.engine.manifest;

import org.jspecify.annotations.NullMarked;
