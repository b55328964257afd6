@NullMarked
package dev.polder.lake.commit;

import org.jspecify.annotations.NullMarked;
