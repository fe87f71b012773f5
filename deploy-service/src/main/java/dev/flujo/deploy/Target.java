package dev.flujo.deploy;

import dev.flujo.deploy.config.Config;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.Work;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What versions of an application run on. Strategies are written over it, once for all targets; it decides nothing itself.
 *
 * <p>Each method says what is wanted. What is already so is left alone, and what was left in the middle is gone on with: whoever
 * was interrupted asks again, after any crash, and nothing is started or changed twice. A target keeps what it was told on
 * its own ground, so that this holds for a service that has forgotten everything. An environment has one caller at a time;
 * {@link #serving}, {@link #live}, {@link #requests}, {@link #give} and {@link #tend} may be called beside it.
 */
public interface Target {

    /** The version that was promoted last: where it is reached, since when, and what was before. */
    record Serving(UUID deployment, String address, Instant since, Optional<UUID> previous) {}

    /**
     * What a deployment brings.
     *
     * @param fence which rollout of the environment wants something of it: of two the one with the higher number is the later
     *     one, and a target that finds a higher one than it is given changes nothing
     * @param site which of the sites of its waves is meant; each of them is a ground of its own
     */
    record Version(UUID deployment, Work work, long fence, Optional<Site> site) {

        /** A version that comes to its own site. */
        public Version(UUID deployment, Work work, long fence) {
            this(deployment, work, fence, Optional.empty());
        }

        public Environment environment() {
            return Environment.of(work);
        }

        public Version at(Site one) {
            return new Version(deployment, work, fence, Optional.of(one));
        }
    }

    /**
     * How the replicas are that are wanted of a version.
     *
     * @param ready how many of them may serve: they are alive and pass their health check now
     * @param broken why it will not get better by waiting, if that is known: a command that ended, an image that is not there
     * @param trouble what keeps them from being ready and may still become better: a pod that no node takes
     * @param lastWords the end of what they have printed, or {@code none}
     */
    record Condition(int wanted, int ready, Optional<String> broken, Optional<String> trouble, String lastWords) {

        /** Replicas without such trouble. */
        public Condition(int wanted, int ready, Optional<String> broken, String lastWords) {
            this(wanted, ready, broken, Optional.empty(), lastWords);
        }

        public boolean allReady() {
            return ready >= wanted;
        }
    }

    /** A version's part of the traffic, in proportion to the sum of the parts. */
    record Share(UUID deployment, int weight) {}

    /** How many requests users have sent to a version so far, and how many of them failed: no answer, or a 5xx. */
    record Requests(long all, long failed) {}

    /** Where a version comes to of which no site is said; empty where the target has no clusters. */
    Optional<Site> site(Version version);

    /** Why nothing of a version can come there, if that is known before anything begins. */
    Optional<String> refusal(Version version) throws IOException;

    /**
     * Wants so many replicas of a version from now on, and returns at once. Missing ones are started, from the version's own
     * artifacts and settings, and get no request before {@link #route}. Surplus ones get no new request from now on, and end
     * when they have answered those that they have. With 0 nothing of the version is left, but it may be wanted again.
     */
    void scale(Version version, int replicas) throws IOException;

    /** How the wanted replicas are at this moment. */
    Condition condition(Version version) throws IOException, InterruptedException;

    /**
     * Divides the traffic of the place of a version among the ready replicas of these versions; with no share, nobody answers. In
     * force when it returns, all of it at the same moment, and without a request lost.
     */
    void route(Version at, List<Share> shares) throws IOException;

    /** Lets users reach one version alone, whether it has a share or not, and says where; one version at a time. */
    String preview(Version version) throws IOException;

    /** Where a ready replica of the version answers this service. */
    URI replica(Version version) throws IOException;

    /**
     * What users have sent to the version, counted from some moment on; a lower number than before says that counting began
     * anew. Empty where the target does not see requests.
     */
    Optional<Requests> requests(Version version) throws IOException;

    /** Notes that this version serves from that moment on, in the place of another; shares and replicas are as they were. */
    Serving promote(Version version, Instant since, Optional<UUID> previous) throws IOException;

    /** What serves in an environment now; where it has several sites, in the first of them. */
    Optional<Serving> serving(Environment environment) throws IOException;

    /** Whether any replica of what serves is alive, in each of its sites. */
    boolean live(Environment environment) throws IOException;

    /**
     * Whether it replaces the replicas of what serves one by one itself, within {@code surge} and {@code unavailable}, as soon as
     * another version is wanted. Strategy {@code rolling} then neither scales the old version down nor divides the traffic.
     */
    boolean rolls(Version version);

    /**
     * In which fields what is there of a version is not as it was applied, because somebody else has changed it. Empty on a
     * ground on which nobody else does.
     */
    List<Difference> drift(Version version) throws IOException;

    /** Applies a version again as it is wanted, where it is not so. */
    void heal(Version version) throws IOException;

    /**
     * Puts the settings and secrets of its environment where the replicas of the version find them as files, all at the same
     * moment, in the place of those that were there. Replicas that run find them, too, and go on.
     */
    void give(Version version, Config config) throws IOException;

    /**
     * Wants no replica of the version any more that was started with other settings and secrets than it was given last. Where the
     * target {@link #rolls}, it sees to that itself; else this replaces at most one, takes it out of the traffic before, and
     * is called again once all are ready.
     *
     * @return whether it has replaced one
     */
    boolean renew(Version version) throws IOException;

    /**
     * Leaves nothing of an environment, of whichever versions: when it returns, nothing runs or is reached there, and it may be
     * deployed to anew. What holds data that nobody can make again stays.
     *
     * @param fence which rollout wants it: what was wanted by earlier ones comes too late from now on
     */
    void remove(Environment environment, long fence) throws IOException;

    /** Brings what serves back to where it was, if the machine or anything else took it away; called every few seconds. */
    void tend() throws IOException;
}
