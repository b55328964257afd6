package dev.polder.model;

/** Another server's name in this one: lower-case letters, digits and {@code _}, a letter first. */
public record ClusterName(String value) {
  public ClusterName {
    Names.slug("cluster", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
