/** Archives of whole databases: encrypted, complete or refused, and made databases again. */
@NullMarked
package dev.polder.lake.backup;

import org.jspecify.annotations.NullMarked;
