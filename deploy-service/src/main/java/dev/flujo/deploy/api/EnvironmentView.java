package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An environment: what runs there, since when, from which commit, who brought it there, in which sites, and whether it is alive (of what ran
 * before, that is not known). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvironmentView(
        String project,
        String environment,
        Boolean live,
        String address,
        UUID deployment,
        Instant since,
        UUID run,
        String commit,
        String branch,
        String by,
        List<SiteView> sites) {}
