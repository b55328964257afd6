package dev.polder.engine.internal.quota;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * The time that one step of holding a statement to its quotas takes, for flight recordings; all
 * steps of a statement together are what admission costs.
 */
@Name("dev.polder.Admit")
@Label("Admit a Statement")
@Category("Polder")
@StackTrace(false)
public final class AdmitEvent extends Event {
  /** A step that begins now. */
  public static AdmitEvent started() {
    AdmitEvent event = new AdmitEvent();
    event.begin();
    return event;
  }
}
