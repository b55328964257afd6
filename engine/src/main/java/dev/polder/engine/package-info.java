/** Sessions and the execution of statements: what every door calls. */
@NullMarked
package dev.polder.engine;

import org.jspecify.annotations.NullMarked;
