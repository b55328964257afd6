package dev.polder.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How other engines get temporary keys of the store. Immutable. */
public record StsSettings(
    @Key(
            "Role that the server assumes, narrowed to one table's files each time, to give other"
                + " engines temporary credentials; it needs what the server may do with the"
                + " warehouse. Unset: none are given, and requests are signed remotely.")
        @Nullable String roleArn,
    @Key("Address of the security token service; leave unset for Amazon's own.")
        @Nullable String endpoint,
    @Key("Region of the security token service; unset, that of the store.") @Nullable String region,
    @Key("External id, where the role's trust policy asks for one.") @Nullable String externalId,
    @Key(value = "How long temporary credentials last.", byDefault = "1h", min = "15m", max = "12h")
        Duration duration,
    @Key(
            value =
                "Lets temporary credentials write for whoever may: no store can keep their holder"
                    + " from replacing files of that table, its manifests among them, and the"
                    + " server reads whatever those name in the tenant's files. Requests that are"
                    + " signed remotely make new files only.",
            byDefault = "false")
        boolean write) {}
