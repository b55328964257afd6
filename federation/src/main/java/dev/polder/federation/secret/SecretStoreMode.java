package dev.polder.federation.secret;

import java.util.Locale;

/** Which secret stores a server asks: all of them, each reference by its prefix, or one alone. */
public enum SecretStoreMode {
  /** Stored values first, then references by their prefix. */
  DISPATCH,
  /** Values that the metastore keeps, alone. */
  POSTGRES,
  ENV,
  AWS_SM,
  GCP_SM,
  AZURE_KV,
  VAULT;

  /**
   * Reads the word of the configuration; {@code auto} is {@code dispatch}, {@code stored} is {@code
   * postgres}.
   *
   * @throws IllegalArgumentException naming the words there are
   */
  public static SecretStoreMode of(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "dispatch", "auto" -> DISPATCH;
      case "postgres", "stored" -> POSTGRES;
      case "env" -> ENV;
      case "aws-sm" -> AWS_SM;
      case "gcp-sm" -> GCP_SM;
      case "azure-kv" -> AZURE_KV;
      case "vault" -> VAULT;
      default ->
          throw new IllegalArgumentException(
              "is none of dispatch, postgres, env, aws-sm, gcp-sm, azure-kv, vault");
    };
  }

  /** The word of the configuration, which is also the prefix of references, without its colon. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return word();
  }
}
