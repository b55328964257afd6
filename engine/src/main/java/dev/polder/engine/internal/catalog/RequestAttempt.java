package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.RepeatableRequest;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.idempotency.KeyState;
import dev.polder.metastore.idempotency.RequestKey;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One try at a request that may be sent again: what it changes and its key's end are one metastore
 * transaction. For the request's thread.
 */
final class RequestAttempt implements RepeatableRequest.Ending {
  private final Metastore metastore;
  private final RequestKey key;
  private final String name;
  private volatile boolean done;

  RequestAttempt(Metastore metastore, RequestKey key, String name) {
    this.metastore = metastore;
    this.key = key;
    this.name = name;
  }

  /**
   * As part of the transaction that does what was asked.
   *
   * @param detail what the answer needs besides the state after the commit
   */
  void complete(MetastoreTransaction tx, OptionalLong seq, Optional<String> detail) {
    if (!tx.idempotency().done(key, name, new KeyState.Done(seq, detail))) {
      throw new PolderException(
          ErrorCode.COMMIT_OUTCOME_UNKNOWN,
          "the request took so long that another one with its Idempotency-Key began; send it again"
              + " with the same key to learn what became of it");
    }
    done = true;
  }

  @Override
  public void answered(int status, String body) {
    if (!done) {
      metastore.write(
          tx -> tx.idempotency().answered(key, name, new KeyState.Answered(status, body)));
    }
  }

  @Override
  public void open() {
    metastore.write(tx -> {
      tx.idempotency().release(key, name);
      return name;
    });
  }
}
