package dev.polder.engine.internal.catalog;

/** What all catalogs of a server have in common. Thread-safe. */
record CatalogParts(RequestKeys keys, ScanTurns scans) {}
