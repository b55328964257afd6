package dev.polder.federation.secret.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.internal.BearerToken.Token;
import dev.polder.federation.secret.internal.SecretHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of Google: by a service account's key, a user's refresh token, or from the metadata
 * server of the machine. The credentials file is read each time, since it may be replaced.
 * Thread-safe.
 */
final class GoogleLogin implements BearerToken.Source {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOGIN = "Google's token endpoint";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final String TOKEN_URI = "https://oauth2.googleapis.com/token";
  private static final long SECONDS = 3600;

  private final SecretStoreSettings.Google settings;
  private final SecretHttp http;
  private final UnaryOperator<@Nullable String> environment;

  GoogleLogin(
      SecretStoreSettings.Google settings,
      SecretHttp http,
      UnaryOperator<@Nullable String> environment) {
    this.settings = settings;
    this.http = http;
    this.environment = environment;
  }

  @Override
  public Token get(@Nullable Token ending) throws SecretFailure {
    Path file = settings.credentialsFile();
    String named = environment.apply("GOOGLE_APPLICATION_CREDENTIALS");
    if (file == null && named != null && !named.isEmpty()) {
      file = Path.of(named);
    }
    return file == null ? fromMetadata() : fromFile(file);
  }

  private Token fromFile(Path file) throws SecretFailure {
    JsonNode credentials;
    try {
      credentials = JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new SecretFailure("Google's credentials file " + file + " cannot be read");
    }
    String type = credentials.path("type").asText();
    URI tokenUri = URI.create(credentials.path("token_uri").asText(TOKEN_URI));
    return switch (type) {
      case "service_account" ->
          token(
              http.postForm(
                  LOGIN,
                  tokenUri,
                  Map.of(
                      "grant_type",
                      "urn:ietf:params:oauth:grant-type:jwt-bearer",
                      "assertion",
                      assertion(file, credentials, tokenUri))));
      case "authorized_user" ->
          token(
              http.postForm(
                  LOGIN,
                  tokenUri,
                  Map.of(
                      "grant_type", "refresh_token",
                      "client_id", credentials.path("client_id").asText(),
                      "client_secret", credentials.path("client_secret").asText(),
                      "refresh_token", credentials.path("refresh_token").asText())));
      default ->
          throw new SecretFailure(
              "Google's credentials file "
                  + file
                  + " must be of type service_account or authorized_user");
    };
  }

  private static String assertion(Path file, JsonNode credentials, URI tokenUri)
      throws SecretFailure {
    Instant now = Instant.now();
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256)
                  .type(JOSEObjectType.JWT)
                  .keyID(credentials.path("private_key_id").asText())
                  .build(),
              new JWTClaimsSet.Builder()
                  .issuer(credentials.path("client_email").asText())
                  .audience(tokenUri.toString())
                  .claim("scope", SCOPE)
                  .issueTime(Date.from(now))
                  .expirationTime(Date.from(now.plusSeconds(SECONDS)))
                  .build());
      jwt.sign(new RSASSASigner(privateKey(credentials.path("private_key").asText())));
      return jwt.serialize();
    } catch (GeneralSecurityException | JOSEException | IllegalArgumentException e) {
      throw new SecretFailure("the private key in Google's credentials file " + file + " is none");
    }
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private Token fromMetadata() throws SecretFailure {
    Answer answer =
        http.get(
            "Google's metadata server",
            SecretHttp.at(
                settings.metadataServer(),
                "/computeMetadata/v1/instance/service-accounts/default/token"),
            Map.of("Metadata-Flavor", "Google"));
    if (!"Google".equals(answer.headers().firstValue("Metadata-Flavor").orElse(""))) {
      throw new SecretFailure(
          "the server has no Google credentials: set federation.gcp-sm.credentials-file");
    }
    return token(answer);
  }

  private static Token token(Answer answer) throws SecretFailure {
    String value = answer.body().path("access_token").asText();
    if (!answer.isOk() || value.isEmpty()) {
      throw new SecretFailure(
          "the server cannot log in at Google: status "
              + answer.status()
              + answer.reason("/error"));
    }
    return Token.lasting(value, answer.body().path("expires_in").asLong(SECONDS));
  }
}
