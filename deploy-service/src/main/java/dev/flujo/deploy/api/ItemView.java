package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.ConfigHistory.Seen;
import dev.flujo.deploy.config.Item;
import dev.flujo.deploy.config.ItemVersion;
import dev.flujo.deploy.config.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** A setting or secret with its versions, the newest first; where it is asked for alone, with the deployments that saw each. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ItemView(String name, int version, Instant formerUntil, List<VersionView> versions) {

    /** One version; the value only of a setting. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VersionView(
            int version,
            String by,
            Instant at,
            Boolean gone,
            String value,
            Instant formerUntil,
            String confirmedBy,
            List<SeenView> seenBy) {}

    /** A deployment that was given the version, the run that brought it, and since when. */
    public record SeenView(UUID deployment, UUID run, Instant at) {}

    static ItemView of(Item item, Instant now) {
        return of(item, now, List.of(), false);
    }

    static ItemView of(Item item, Instant now, List<Seen> seen) {
        return of(item, now, seen, true);
    }

    private static ItemView of(Item item, Instant now, List<Seen> seen, boolean whole) {
        List<VersionView> versions = new ArrayList<>();
        for (ItemVersion version : item.versions()) {
            versions.add(new VersionView(
                    version.number(),
                    version.by(),
                    version.at(),
                    version.gone() ? true : null,
                    item.kind() == Kind.SETTING ? version.kept().orElse(null) : null,
                    version.formerUntil().orElse(null),
                    version.confirmedBy().orElse(null),
                    whole ? seen(version, seen) : null));
        }
        Collections.reverse(versions);
        return new ItemView(
                item.name(),
                item.newest().number(),
                item.former(now).isPresent() ? item.newest().formerUntil().orElse(null) : null,
                whole ? versions : versions.subList(0, 1));
    }

    private static List<SeenView> seen(ItemVersion version, List<Seen> all) {
        return all.stream()
                .filter(seen -> seen.version() == version.number())
                .map(seen -> new SeenView(seen.deployment(), seen.run(), seen.at()))
                .toList();
    }
}
