/** What sources tell of their tables, remembered for a short while, and how their failures read. */
@NullMarked
package dev.polder.federation.catalog;

import org.jspecify.annotations.NullMarked;
