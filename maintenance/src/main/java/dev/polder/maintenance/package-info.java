/** Work in the background: jobs that the servers share, and what is done again and again. */
@NullMarked
package dev.polder.maintenance;

import org.jspecify.annotations.NullMarked;
