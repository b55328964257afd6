package dev.polder.engine.catalog;

/**
 * What is to be done with a request that came with a key: a request takes effect once, however
 * often and to whichever server it is sent. Immutable.
 */
public sealed interface RepeatableRequest {
  /**
   * To be done with this catalog, whose commit also ends the key.
   *
   * @param ending to be told of the outcome
   */
  record First(GovernedCatalog catalog, Ending ending) implements RepeatableRequest {}

  /** It was done: this catalog answers as it was answered then, and changes nothing. */
  record Done(GovernedCatalog catalog) implements RepeatableRequest {}

  /** It changed nothing, and this was its answer. */
  record Answered(int status, String body) implements RepeatableRequest {}

  /** Takes the outcome of a first attempt. */
  interface Ending {
    /** A final answer, to be given again; what was committed has its own. */
    void answered(int status, String body);

    /** No final answer: the request may be sent again. */
    void open();
  }
}
