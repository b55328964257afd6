/** The atomic commit of a database, its file ledger and its outbox. */
@NullMarked
package dev.polder.metastore.commit;

import org.jspecify.annotations.NullMarked;
