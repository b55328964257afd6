package dev.polder.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one configuration key: the record component that carries it. The reference page and the
 * reader both come from these annotations, so that neither can say what the other does not.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /** What the key decides, as one or two sentences for the reference page. */
  String value();

  /** The text that is used when nothing is set; empty when there is none or it is derived. */
  String byDefault() default "";

  /** How the default comes about when it is computed from the machine or from other keys. */
  String derived() default "";

  /** The smallest number, size or duration that is accepted; empty for none. */
  String min() default "";

  /** The largest number, size or duration that is accepted; empty for none. */
  String max() default "";
}
