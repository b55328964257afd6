/** Sources as doors administer them: how they are defined, tried and looked into. */
@NullMarked
package dev.polder.engine.source;

import org.jspecify.annotations.NullMarked;
