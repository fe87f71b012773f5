package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An environment: what runs there, since when, from which commit, who brought it there, and whether it is alive (of what ran before,
 * that is not known).
 *
 * @param address where the target lets it be reached
 * @param url where people find it, as the pipeline says; else that address
 * @param until when it is taken down, if nothing is deployed to it before
 * @param pullRequest the pull request with which it ends
 * @param sites the clusters and namespaces in which it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvironmentView(
        String project,
        String environment,
        Boolean live,
        String address,
        String url,
        UUID deployment,
        Instant since,
        UUID run,
        String commit,
        String branch,
        String by,
        Instant until,
        Long pullRequest,
        List<SiteView> sites) {}
