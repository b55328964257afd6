package dev.polder.server.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Which servers a client takes for what they say they are. Immutable. */
public sealed interface Trust {
  /** Those that this machine's authorities vouch for. */
  record Authorities() implements Trust {}

  /**
   * Those that the certificates of a PEM file vouch for.
   *
   * @param systemToo also those of {@link Authorities}
   */
  record Certificates(Path file, boolean systemToo) implements Trust {}

  /** Any: who stands between client and server can read and change everything. */
  record Anybody() implements Trust {}

  /**
   * The context for connections.
   *
   * @throws ConnectionFailure when the file cannot be read
   */
  default SSLContext context() {
    try {
      return switch (this) {
        case Authorities() -> SSLContext.getDefault();
        case Certificates(Path file, boolean systemToo) -> {
          List<Certificate> trusted = new ArrayList<>(read(file));
          if (systemToo) {
            trusted.addAll(authorities());
          }
          yield of(managers(trusted));
        }
        case Anybody() -> of(new TrustManager[] {new Everybody()});
      };
    } catch (IOException | GeneralSecurityException e) {
      throw new ConnectionFailure("this machine's trusted certificates cannot be used", e);
    }
  }

  private static List<Certificate> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        throw new ConnectionFailure(file + " holds no certificate; name a PEM file");
      }
      return found;
    } catch (IOException | GeneralSecurityException e) {
      throw new ConnectionFailure("cannot read certificates from " + file, e);
    }
  }

  private static List<X509Certificate> authorities() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    List<X509Certificate> authorities = new ArrayList<>();
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        authorities.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return authorities;
  }

  private static TrustManager[] managers(List<Certificate> trusted)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("trusted-" + i, trusted.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static SSLContext of(TrustManager[] managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  /** Accepts every certificate under every name. */
  final class Everybody extends X509ExtendedTrustManager {
    private Everybody() {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
