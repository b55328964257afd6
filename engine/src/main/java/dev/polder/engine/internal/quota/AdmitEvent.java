package dev.polder.engine.internal.quota;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The time that one statement's quotas take, for flight recordings. */
@Name("dev.polder.Admit")
@Label("Admit a Statement")
@Category("Polder")
@StackTrace(false)
final class AdmitEvent extends Event {}
