package dev.polder.policy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.polder.model.Secret;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/**
 * An OpenID provider on this machine, each of whose names is an issuer with a key of its own. It
 * answers as one does, and signs here what none would sign.
 */
public final class TestIssuer implements AutoCloseable {
  private static final String FIRST = "first";

  private final Keys keys = new Keys();
  private final TestListener web = new TestListener();
  private final MockOAuth2Server server;

  /** The key that each issuer has now. */
  private static final class Keys extends KeyProvider {
    private final Map<String, JWK> current = new ConcurrentHashMap<>();

    @Override
    public JWK signingKey(String issuer) {
      return current.computeIfAbsent(issuer, TestIssuer::rsa);
    }
  }

  public TestIssuer(Clock clock) {
    server =
        new MockOAuth2Server(
            new OAuth2Config(
                false,
                null,
                null,
                false,
                new OAuth2TokenProvider(keys, clock::instant),
                Set.of(),
                web));
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  public String url() {
    return url(FIRST);
  }

  public String url(String issuer) {
    return server.issuerUrl(issuer).toString();
  }

  /** Where clients get tokens: the id of one is who it is, its scope the audience. */
  public String tokenEndpoint(String issuer) {
    return server.tokenEndpointUrl(issuer).toString();
  }

  /** How often something was asked. */
  public int asked() {
    return web.asked();
  }

  /** Answers the next request so. */
  public void answerNext(String body) {
    answerNext(200, body);
  }

  /** The same with headers: names and values by turns. */
  public void answerNext(int status, String body, String... headers) {
    web.answerNext(status, body, headers);
  }

  public void rotate(String id) {
    use(rsa(id));
  }

  public void use(JWK key) {
    use(FIRST, key);
  }

  public void use(String issuer, JWK key) {
    keys.current.put(issuer, key);
  }

  public JWK key(String issuer) {
    return keys.signingKey(issuer);
  }

  public static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public Secret sign(JWTClaimsSet claims) throws JOSEException {
    return sign(claims, key(FIRST));
  }

  public static Secret sign(JWTClaimsSet claims, JWK with) throws JOSEException {
    return sign(header(with).build(), claims, signer(with));
  }

  public Secret signAs(String type, JWTClaimsSet claims) throws JOSEException {
    JWK key = key(FIRST);
    return sign(header(key).type(new JOSEObjectType(type)).build(), claims, signer(key));
  }

  /** As somebody does who takes the public key for a shared secret. */
  public Secret signWithPublicKey(JWTClaimsSet claims) throws JOSEException {
    JWK key = key(FIRST);
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
        claims,
        new MACSigner(((RSAKey) key).toRSAPublicKey().getEncoded()));
  }

  public static Secret unsigned(JWTClaimsSet claims) {
    return Secret.of(new PlainJWT(claims).serialize());
  }

  public static JWSHeader.Builder header(JWK key) {
    JWSAlgorithm algorithm =
        key.getAlgorithm() instanceof JWSAlgorithm named ? named : JWSAlgorithm.RS256;
    return new JWSHeader.Builder(algorithm).keyID(key.getKeyID());
  }

  public static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSASigner(rsa);
      case ECKey curve -> new ECDSASigner(curve);
      case OctetKeyPair edwards -> new Ed25519Signer(edwards);
      default -> throw new JOSEException("no key that signs: " + key.getKeyType());
    };
  }

  public static Secret sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return Secret.of(jwt.serialize());
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
