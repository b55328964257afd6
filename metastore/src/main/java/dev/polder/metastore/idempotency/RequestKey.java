package dev.polder.metastore.idempotency;

import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import java.util.UUID;

/** A client's name for one request, which is nobody else's and no other space's. Immutable. */
public record RequestKey(PrincipalId principal, SpaceKey space, UUID key) {}
