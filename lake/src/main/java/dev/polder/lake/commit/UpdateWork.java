package dev.polder.lake.commit;

/** An update of one table and who says whether it may be. Immutable. */
record UpdateWork(RequestedUpdate update, UpdateCheck check) {}
