package dev.polder.server.tls;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.server.config.TlsSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate chain and its PKCS#8 key as PEM files: the operator's own, or a self-signed one
 * (ECDSA on P-256) that all doors share and later starts find again. Immutable.
 */
public record CertificateFiles(Path certificateChain, Path privateKey) {
  private static final Duration VALID = Duration.ofDays(825);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** The files of a door that speaks TLS on this host; empty for one that does not. */
  public static Optional<CertificateFiles> of(
      TlsSettings settings, String host, Supplier<CertificateFiles> selfSigned) {
    if (!settings.enabledOn(host)) {
      return Optional.empty();
    }
    Path certificate = settings.certificate();
    Path key = settings.key();
    return Optional.of(
        certificate != null && key != null
            ? new CertificateFiles(certificate, key)
            : selfSigned.get());
  }

  /**
   * Takes the self-signed certificate in the directory, or makes one where there is none that holds
   * for all of the hosts and for a month more.
   *
   * @param hosts names and addresses that it shall hold for, besides this machine's own
   */
  public static CertificateFiles selfSigned(Path directory, List<String> hosts, Clock clock) {
    CertificateFiles files =
        new CertificateFiles(directory.resolve("polder.crt"), directory.resolve("polder.key"));
    try {
      if (!files.usable(hosts, clock.instant())) {
        Files.createDirectories(directory);
        files.generate(names(hosts), clock.instant());
      }
      return files;
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "cannot keep a self-signed certificate in " + directory + "; is it writable?",
          e);
    }
  }

  private boolean usable(List<String> hosts, Instant now) throws IOException {
    if (!Files.exists(certificateChain) || !Files.exists(privateKey)) {
      return false;
    }
    try (var in = Files.newInputStream(certificateChain)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return certificate.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE))
          && holdsFor(certificate, hosts);
    } catch (CertificateException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          certificateChain
              + " holds no certificate; delete it and "
              + privateKey
              + " to get new ones",
          e);
    }
  }

  private static boolean holdsFor(X509Certificate certificate, List<String> hosts)
      throws CertificateException, IOException {
    Set<String> held = new HashSet<>();
    for (List<?> name : certificate.getSubjectAlternativeNames()) {
      held.add(comparable(name.get(1).toString()));
    }
    for (String host : hosts) {
      if (!held.contains(comparable(host))) {
        return false;
      }
    }
    return true;
  }

  /** An address has several spellings. */
  private static String comparable(String host) throws IOException {
    return isAddress(host)
        ? InetAddress.getByName(host).getHostAddress()
        : host.toLowerCase(Locale.ROOT);
  }

  private static boolean isAddress(String host) {
    return host.contains(":") || host.matches("[0-9.]+");
  }

  private void generate(List<GeneralName> names, Instant now)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name("CN=Polder");
    X509CertificateHolder certificate =
        new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(127, new SecureRandom()).setBit(126),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(VALID)),
                name,
                pair.getPublic())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
            .addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.toArray(new GeneralName[0])))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    write(privateKey, pem(new JcaPKCS8Generator(pair.getPrivate(), null)), "rw-------");
    write(certificateChain, pem(certificate), "rw-r--r--");
  }

  private static List<GeneralName> names(List<String> configured) throws IOException {
    Set<String> hosts = new LinkedHashSet<>(List.of("localhost"));
    Set<String> addresses = new LinkedHashSet<>(List.of("127.0.0.1", "::1"));
    InetAddress local = localHost();
    hosts.add(local.getHostName());
    addresses.add(local.getHostAddress());
    for (String host : configured) {
      (isAddress(host) ? addresses : hosts).add(host);
    }
    List<GeneralName> names = new ArrayList<>();
    hosts.forEach(value -> names.add(new GeneralName(GeneralName.dNSName, value)));
    addresses.forEach(value -> names.add(new GeneralName(GeneralName.iPAddress, value)));
    return names;
  }

  // A machine whose own name does not resolve is served under the loopback names.
  private static InetAddress localHost() {
    try {
      return InetAddress.getLocalHost();
    } catch (java.net.UnknownHostException unresolved) {
      return InetAddress.getLoopbackAddress();
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          object instanceof JcaPKCS8Generator generator ? generator.generate() : object);
    }
    return text.toString();
  }

  private static void write(Path file, String text, String permissions) throws IOException {
    FileAttribute<?> attribute =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    Path parent = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(parent, file.getFileName().toString(), ".new", attribute);
    Files.writeString(temporary, text);
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
