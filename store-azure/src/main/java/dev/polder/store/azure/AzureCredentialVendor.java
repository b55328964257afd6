package dev.polder.store.azure;

import com.azure.core.exception.AzureException;
import com.azure.core.util.Context;
import com.azure.storage.common.sas.SasProtocol;
import com.azure.storage.file.datalake.DataLakeDirectoryClient;
import com.azure.storage.file.datalake.models.UserDelegationKey;
import com.azure.storage.file.datalake.sas.DataLakeServiceSasSignatureValues;
import com.azure.storage.file.datalake.sas.PathSasPermission;
import dev.polder.lake.delegation.CredentialVendor;
import dev.polder.lake.delegation.GivenCredentials;
import dev.polder.lake.delegation.Reach;
import dev.polder.lake.delegation.TemporaryCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shared access signatures for one directory: to read and list, and to create files in it, which
 * the permission to create alone lets nobody do over a file that is there. They are signed by a key
 * that the server's identity is given for it or, where it has the account's key, by that. A client
 * of Iceberg uses one signature for an account, so that a table with files in several directories
 * gets none. Thread-safe.
 */
final class AzureCredentialVendor implements CredentialVendor {
  /** Clocks may differ by this. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private record Key(String session, Reach reach) {}

  private record Delegation(UserDelegationKey key, Instant end) {}

  private final AzureAccount account;
  private final Duration duration;
  private final Map<String, String> client;
  private final Clock clock;
  private final GivenCredentials<Key> given;
  private @Nullable Delegation delegation;

  AzureCredentialVendor(
      AzureAccount account, Duration duration, Map<String, String> client, Clock clock) {
    this.account = account;
    this.duration = duration;
    this.client = Map.copyOf(client);
    this.clock = clock;
    this.given = new GivenCredentials<>(clock);
  }

  @Override
  public boolean writes() {
    return true;
  }

  @Override
  public String refreshProperty() {
    return "adls.refresh-credentials-endpoint";
  }

  @Override
  public TemporaryCredentials vend(Reach reach, String session) {
    if (reach.all().size() > 1) {
      throw reach.tooScattered("use credentials of your own", null);
    }
    return given.get(new Key(session, reach), this::signed);
  }

  private TemporaryCredentials signed(Key key) {
    Instant end = clock.instant().plus(duration).truncatedTo(ChronoUnit.SECONDS);
    String sas;
    try {
      sas = sas(key.reach(), end);
    } catch (AzureException e) {
      throw GivenCredentials.notGiven(key.session(), "use credentials of your own", e);
    }
    Map<String, String> config = new HashMap<>(client);
    config.put("adls.sas-token." + account.host(), sas);
    config.put("adls.sas-token-expires-at-ms." + account.host(), Long.toString(end.toEpochMilli()));
    return new TemporaryCredentials(key.reach().common(), config, end);
  }

  private String sas(Reach reach, Instant end) {
    AzurePlace place = AzurePlace.of(reach.own().getFirst());
    DataLakeDirectoryClient directory = account.container(place).getDirectoryClient(place.path());
    PathSasPermission permission =
        new PathSasPermission()
            .setReadPermission(true)
            .setListPermission(true)
            .setCreatePermission(reach.writes());
    DataLakeServiceSasSignatureValues values =
        new DataLakeServiceSasSignatureValues(utc(end), permission)
            .setStartTime(utc(clock.instant().minus(SKEW)));
    if (account.isSecure()) {
      values.setProtocol(SasProtocol.HTTPS_ONLY);
    }
    return account.isKeyed()
        ? directory.generateSas(values)
        : directory.generateUserDelegationSas(
            values, delegation(end), account.name(), Context.NONE);
  }

  /** A signature ends with the key that it was made with. */
  private synchronized UserDelegationKey delegation(Instant end) {
    Delegation known = delegation;
    if (known == null || known.end().isBefore(end)) {
      Instant now = clock.instant();
      Instant last = now.plus(duration.multipliedBy(2)).truncatedTo(ChronoUnit.SECONDS);
      known =
          new Delegation(
              account.service().getUserDelegationKey(utc(now.minus(SKEW)), utc(last)), last);
      delegation = known;
    }
    return known.key();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  @Override
  public void close() {}
}
