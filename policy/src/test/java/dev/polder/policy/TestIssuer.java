package dev.polder.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.polder.model.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider on this machine: publishes its configuration and keys, and signs tokens. */
final class TestIssuer implements AutoCloseable {
  private final HttpServer server;
  private volatile JWK key;
  private volatile String configuration;
  final AtomicInteger asked = new AtomicInteger();

  TestIssuer() throws IOException, JOSEException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    key = rsa("first");
    configuration = "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}";
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          boolean keys = exchange.getRequestURI().getPath().endsWith("/keys");
          byte[] body =
              (keys ? new JWKSet(key).toPublicJWKSet().toString() : configuration).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void configuration(String text) {
    configuration = text;
  }

  void rotate(String id) throws JOSEException {
    key = rsa(id);
  }

  void useEllipticCurve() throws JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
  }

  static RSAKey rsa(String id) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(id).generate();
  }

  Secret sign(JWTClaimsSet claims) throws JOSEException {
    return sign(claims, key);
  }

  static Secret sign(JWTClaimsSet claims, JWK with) throws JOSEException {
    boolean rsa = with instanceof RSAKey;
    JWSSigner signer = rsa ? new RSASSASigner((RSAKey) with) : new ECDSASigner((ECKey) with);
    JWSAlgorithm algorithm = rsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
    return sign(new JWSHeader.Builder(algorithm).keyID(with.getKeyID()).build(), claims, signer);
  }

  Secret signAs(String type, JWTClaimsSet claims) throws JOSEException {
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(new JOSEObjectType(type))
            .keyID(key.getKeyID())
            .build(),
        claims,
        new RSASSASigner((RSAKey) key));
  }

  /** As somebody does who takes the public key for a shared secret. */
  Secret signWithPublicKey(JWTClaimsSet claims) throws JOSEException {
    return sign(
        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
        claims,
        new MACSigner(((RSAKey) key).toRSAPublicKey().getEncoded()));
  }

  static Secret unsigned(JWTClaimsSet claims) {
    return Secret.of(new PlainJWT(claims).serialize());
  }

  private static Secret sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return Secret.of(jwt.serialize());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
