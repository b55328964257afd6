package dev.polder.engine.internal.execute;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The time that analysis, authorisation and binding of one query take, for flight recordings. */
@Name("dev.polder.Bind")
@Label("Bind a Query")
@Category("Polder")
@StackTrace(false)
final class BindEvent extends Event {}
