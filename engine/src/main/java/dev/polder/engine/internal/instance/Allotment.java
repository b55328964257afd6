package dev.polder.engine.internal.instance;

import dev.polder.duck.InstanceLimits;
import dev.polder.metastore.quota.QuotaBound;
import org.jspecify.annotations.Nullable;

/**
 * What an instance may take, and which quotas keep it from more. Immutable.
 *
 * @param memory null: the server's configuration does
 * @param temp null: the server's configuration does
 */
record Allotment(InstanceLimits limits, @Nullable QuotaBound memory, @Nullable QuotaBound temp) {}
