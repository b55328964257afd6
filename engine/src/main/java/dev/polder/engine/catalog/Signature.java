package dev.polder.engine.catalog;

import org.apache.iceberg.rest.responses.RemoteSignResponse;

/**
 * A request to the store that was signed. Immutable.
 *
 * @param request as it is to be sent
 * @param reusable whether the client may send it several times
 */
public record Signature(RemoteSignResponse request, boolean reusable) {}
