package dev.polder.engine.internal.catalog;

import dev.polder.engine.internal.delegation.DelegationTrail;

/** What all catalogs of a server have in common. Thread-safe. */
record CatalogParts(DelegationTrail trail, RequestKeys keys, ScanTurns scans, KeptNames names) {}
