package dev.polder.http.internal;

import dev.polder.http.ListenerOptions;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Reads a certificate and key as PEM. */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private PemFiles() {}

  static SslContextFactory.Server context(ListenerOptions.Tls tls) {
    char[] noPassword = new char[0];
    try (InputStream in = Files.newInputStream(tls.certificate())) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw bad("no certificate in " + tls.certificate(), null);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, noPassword);
      String algorithm = chain[0].getPublicKey().getAlgorithm();
      store.setKeyEntry("polder", key(tls.key(), algorithm), noPassword, chain);
      SslContextFactory.Server context = new SslContextFactory.Server();
      context.setKeyStore(store);
      context.setKeyStorePassword("");
      context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
      context.setSniRequired(false);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw bad(
          "cannot read the certificate " + tls.certificate() + " with the key " + tls.key(), e);
    }
  }

  private static PrivateKey key(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    Matcher matcher = KEY.matcher(Files.readString(file));
    if (!matcher.find()) {
      throw bad(file + " holds no unencrypted PKCS #8 key ('BEGIN PRIVATE KEY')", null);
    }
    byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static PolderException bad(String message, @Nullable Exception cause) {
    return new PolderException(ErrorCode.INVALID_CONFIGURATION, message, cause);
  }
}
