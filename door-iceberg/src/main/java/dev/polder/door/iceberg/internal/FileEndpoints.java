package dev.polder.door.iceberg.internal;

import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.Signature;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import java.io.IOException;
import java.util.List;
import org.apache.iceberg.rest.requests.RemoteSignRequest;
import org.apache.iceberg.rest.responses.ImmutableLoadCredentialsResponse;

/** The files of tables: keys that are renewed, requests that are signed. Stateless. */
public record FileEndpoints(CatalogService catalogs) {
  private static final String TABLE = "/v1/{prefix}/namespaces/{namespace}/tables/{table}";
  private static final String STORE = "s3";

  public List<Operation> operations() {
    return List.of(
        new Operation("GET", TABLE + "/credentials", this::credentials),
        new Operation("POST", TABLE + "/sign", this::sign));
  }

  private void credentials(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    call.reply(
        ImmutableLoadCredentialsResponse.builder()
            .credentials(call.catalog().credentials(call.table()))
            .build());
  }

  private void sign(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    RemoteSignRequest request = call.body(RemoteSignRequest.class);
    String provider = request.provider();
    if (provider != null && !provider.equals(STORE)) {
      throw Fields.bad("provider must be '" + STORE + "', the kind of the warehouse's store");
    }
    Signature signed = call.catalog().sign(call.table(), request);
    if (signed.reusable()) {
      // By this very value clients are told that they may use it again.
      exchange.response().setHeader("Cache-Control", "private");
    }
    call.reply(signed.request());
  }
}
