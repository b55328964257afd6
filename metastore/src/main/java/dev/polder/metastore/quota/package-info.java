/** What databases, and tenants in them, may use: their quotas and what the servers say they use. */
@NullMarked
package dev.polder.metastore.quota;

import org.jspecify.annotations.NullMarked;
