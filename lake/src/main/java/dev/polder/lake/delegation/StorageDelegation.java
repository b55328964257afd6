package dev.polder.lake.delegation;

import java.util.Map;
import java.util.Optional;

/**
 * The ways in which a store's files can be opened to other engines. Each kind of store has its own.
 * Thread-safe.
 *
 * @param client what a client must know to find the store; no secret
 * @param vendor empty: the store gives no temporary keys
 * @param signer empty: clients reach the files by themselves
 */
public record StorageDelegation(
    Map<String, String> client, Optional<CredentialVendor> vendor, Optional<RequestSigner> signer)
    implements AutoCloseable {
  /** For files of this machine: whoever may read them does. */
  public static final StorageDelegation NONE =
      new StorageDelegation(Map.of(), Optional.empty(), Optional.empty());

  public StorageDelegation {
    client = Map.copyOf(client);
  }

  public boolean isNone() {
    return vendor.isEmpty() && signer.isEmpty();
  }

  @Override
  public void close() {
    vendor.ifPresent(CredentialVendor::close);
  }
}
