/** Jobs that servers claim under leases, and server-wide settings. */
@NullMarked
package dev.polder.metastore.job;

import org.jspecify.annotations.NullMarked;
