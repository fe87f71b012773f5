package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** How long environments are there, and how many a project may have that are there only for a time. */
public final class Stays {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String STAY = "stay";

    private final Path root;
    private final int most;
    private final SteadyClock clock;
    private final ClosedRequests closed;

    /** @param most how many environments with an end a project may have at once */
    public Stays(Path root, int most) throws IOException {
        this(root, most, new SteadyClock(root));
    }

    Stays(Path root, int most, SteadyClock clock) throws IOException {
        this.root = root;
        this.most = most;
        this.clock = clock;
        this.closed = new ClosedRequests(root);
        closed.tidy(Instant.now());
    }

    /**
     * Notes a deployment that is about to begin, or says why it may not.
     *
     * @param fresh whether nothing serves there yet
     */
    synchronized Optional<String> refusal(Environment environment, UUID deployment, Work work, boolean fresh)
            throws IOException {
        Optional<Long> request = request(work);
        if (request.isPresent()
                && closed.closedBy(environment.project(), request.get()).isPresent()) {
            return Optional.of("Expected an open pull request, but " + request.get()
                    + " is closed; reopen it to have its environment again");
        }
        Optional<Stay> before = stay(environment);
        boolean own = before.isPresent() ? before.get().request().equals(request) : fresh;
        Stay stay = new Stay(deployment, clock.now(), ttl(work), own ? request : Optional.empty());
        if (stay.temporary() && before.filter(Stay::temporary).isEmpty()) {
            List<String> others = temporary(environment.project());
            if (others.size() >= most) {
                return Optional.of("Expected at most " + most + " environments of project " + environment.project()
                        + " that end by themselves, but there are " + String.join(", ", others)
                        + "; close a pull request, wait for the end of one, or take one down:"
                        + " DELETE /api/v1/environments/" + environment.project() + "/" + others.get(0));
            }
        }
        put(environment, stay);
        return Optional.empty();
    }

    /** A deployment has ended, well or not: from now on the environment's time counts. */
    synchronized void ended(Environment environment, UUID deployment) throws IOException {
        Optional<Stay> stay = stay(environment).filter(known -> known.last().equals(deployment));
        if (stay.isPresent()) {
            put(environment, stay.get().at(clock.now()));
        }
    }

    /** It is not there any more. */
    synchronized void forget(Environment environment) throws IOException {
        facts(environment).forget(STAY);
    }

    /** Until when an environment is there, if that is known. */
    public Optional<Instant> until(Environment environment) throws IOException {
        Optional<Instant> until = stay(environment).flatMap(Stay::until);
        return until.isEmpty() ? Optional.empty() : Optional.of(clock.wall(until.get()));
    }

    /** The pull request whose environment it is. */
    public Optional<Long> request(Environment environment) throws IOException {
        return stay(environment).flatMap(Stay::request);
    }

    /** The deployment that came last to what is there. */
    public Optional<UUID> last(Environment environment) throws IOException {
        return stay(environment).map(Stay::last);
    }

    /** A pull request was closed, and its environments are not wanted any more. */
    public void requestClosed(String project, long number, String by) throws IOException {
        closed.close(project, number, by);
    }

    /** A pull request is open, perhaps again. */
    public void requestOpen(String project, long number) throws IOException {
        closed.open(project, number);
    }

    /** What is to be taken down now. */
    public List<TakeDown> due() throws IOException {
        Instant now = clock.now();
        List<TakeDown> due = new ArrayList<>();
        for (Environment environment : environments()) {
            Optional<Stay> stay = stay(environment);
            if (stay.isPresent()) {
                why(environment, stay.get(), now)
                        .ifPresent(why ->
                                due.add(TakeDown.of(environment, stay.get().last(), why.by(), why.reason())));
            }
        }
        return due;
    }

    private record Why(String by, String reason) {}

    private Optional<Why> why(Environment environment, Stay stay, Instant now) throws IOException {
        Optional<String> by = stay.request().isEmpty()
                ? Optional.empty()
                : closed.closedBy(environment.project(), stay.request().get());
        if (by.isPresent()) {
            return Optional.of(
                    new Why(by.get(), "pull request " + stay.request().get() + " was closed"));
        }
        return stay.until()
                .filter(until -> !now.isBefore(until))
                .map(over -> new Why(
                        "flujo", "its time to live of " + words(stay.ttl().orElseThrow()) + " is over"));
    }

    private static String words(Duration time) {
        String text = time.toString().substring(time.toString().indexOf('T') + 1);
        return time.toHours() >= 48 && time.equals(Duration.ofDays(time.toDays()))
                ? time.toDays() + "d"
                : text.toLowerCase(java.util.Locale.ROOT);
    }

    private List<String> temporary(String project) throws IOException {
        List<String> names = new ArrayList<>();
        for (Environment environment : environments()) {
            if (environment.project().equals(project)
                    && stay(environment).filter(Stay::temporary).isPresent()) {
                names.add(environment.name());
            }
        }
        return names;
    }

    /** The environments that are there. */
    private List<Environment> environments() throws IOException {
        List<Environment> found = new ArrayList<>();
        for (Path project : children(root.resolve("rollouts"))) {
            for (Path environment : children(project)) {
                if (Files.exists(environment.resolve(STAY))) {
                    found.add(new Environment(
                            project.getFileName().toString(),
                            environment.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    private static Optional<Duration> ttl(Work work) {
        return work.job().gate().environment().flatMap(environment -> environment.ttl());
    }

    private static Optional<Long> request(Work work) {
        return Optional.ofNullable(work.env().get(Work.PULL_REQUEST)).map(Long::parseLong);
    }

    private Optional<Stay> stay(Environment environment) throws IOException {
        Optional<String> text = facts(environment).fact(STAY);
        return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readValue(text.get(), Stay.class));
    }

    private void put(Environment environment, Stay stay) throws IOException {
        facts(environment).replace(STAY, JSON.writeValueAsString(stay));
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment));
    }
}
