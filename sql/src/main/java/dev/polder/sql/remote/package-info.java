/**
 * What is asked of a source: a small relational language that connectors turn into the words of
 * their systems, and what a connector must tell so that nothing is asked that means something else
 * there.
 */
@NullMarked
package dev.polder.sql.remote;

import org.jspecify.annotations.NullMarked;
