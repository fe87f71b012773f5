package dev.flujo.stack.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.stack.Rest;
import dev.flujo.stack.StackException;
import dev.flujo.stack.demo.ShopRepository.Commit;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Three commits: one that goes live, one that breaks a test, one that mends it. */
final class Story {

    static final String PROJECT = "web-shop";
    static final String ENVIRONMENT = "production";

    private static final String PRICE = "src/main/java/shop/Price.java";
    private static final String BROKEN_TEST = "tenBooksAreATenthCheaper";

    private final Screen screen;
    private final Rest rest;
    private final ShopRepository repository;
    private final GitHub gitHub;

    /** How the story ended: the last run, and where the application answers. */
    record End(String run, String address) {}

    Story(Screen screen, Rest rest, ShopRepository repository, GitHub gitHub) {
        this.screen = screen;
        this.rest = rest;
        this.repository = repository;
        this.gitHub = gitHub;
    }

    End tell() throws IOException, InterruptedException {
        submit();
        Commit first = push("Commit 1: the shop opens", "Open the shop");
        expectOutcome(follow(first), "SUCCEEDED");
        String address = address();
        try (Visitor visitor = new Visitor(address)) {
            expectServed(visitor, first);
            visitor.begin();

            repository.replace(PRICE, "MANY = 10", "MANY = 11");
            Commit second = push("Commit 2: a test breaks", "Make eleven books many");
            expectFailure(follow(second));
            expectServed(visitor, first);

            repository.replace(PRICE, "MANY = 11", "MANY = 10");
            Commit third = push("Commit 3: the test is mended", "Make ten books many again");
            FollowedRun last = follow(third);
            expectOutcome(last, "SUCCEEDED");
            expectServed(visitor, third);
            expectNoTrouble(visitor);
            return new End(last.id(), address);
        }
    }

    private void submit() throws IOException, InterruptedException {
        screen.heading("A web shop and its pipeline");
        screen.line("  repository  " + repository.url());
        ObjectNode body = rest.mapper()
                .createObjectNode()
                .put("source", repository.pipeline())
                .put("repository", repository.url());
        String version = rest.put("/api/v1/projects/" + PROJECT + "/pipelines/" + PROJECT, body)
                .path("version")
                .asText();
        screen.line("  pipeline    " + PROJECT + ", version " + version + ": build with tests, then deploy");
    }

    private Commit push(String heading, String message) throws IOException, InterruptedException {
        screen.heading(heading);
        Commit commit = repository.push(message);
        screen.line("  pushed " + commit.shortId() + ", '" + message + "'; its signed webhook is on its way");
        gitHub.deliver(repository.url(), commit);
        return commit;
    }

    private FollowedRun follow(Commit commit) throws InterruptedException {
        FollowedRun run = FollowedRun.of(rest, PROJECT, commit.id());
        screen.line("  run " + run.id());
        run.follow(event -> show(screen, run.events().get(0), event));
        return run;
    }

    /** Shows an event with the seconds since the first one of its run. */
    static void show(Screen screen, RunEvent first, RunEvent event) {
        EventLine line = EventLine.of(event);
        double seconds = Duration.between(first.at(), event.at()).toMillis() / 1000.0;
        screen.event(String.format(Locale.ROOT, "%+8.3f s", seconds), line.text(), line.mood());
    }

    private String address() throws IOException, InterruptedException {
        String address = RunEvent.text(
                rest.get("/api/v1/environments/" + PROJECT + "/" + ENVIRONMENT).path("address"));
        if (address.isEmpty()) {
            throw new StackException("Expected an address of environment " + ENVIRONMENT + ", but it has none");
        }
        return address;
    }

    private void expectOutcome(FollowedRun run, String outcome) {
        if (!run.outcome().equals(outcome)) {
            throw new StackException("Expected run " + run.id() + " to be " + outcome + ", but it is " + run.outcome()
                    + "; see its events above and ./flujo logs build-runner");
        }
    }

    private void expectFailure(FollowedRun run) {
        expectOutcome(run, "FAILED");
        String named = run.events().stream()
                .filter(event -> event.type().equals("taskrun.finished"))
                .map(event -> event.said().path("tests").path("failedNames").toString())
                .filter(names -> names.contains(BROKEN_TEST))
                .findFirst()
                .orElseThrow(() -> new StackException("Expected the failed run " + run.id() + " to name the test "
                        + BROKEN_TEST + ", but it does not"));
        screen.seen("the run FAILED and names the test: " + named);
    }

    private void expectServed(Visitor visitor, Commit commit) throws InterruptedException {
        String answer;
        try {
            answer = visitor.ask();
        } catch (IOException e) {
            throw new StackException(
                    "Expected commit " + commit.shortId() + " to answer, but the application did not: " + e, e);
        }
        if (!answer.contains(commit.id())) {
            throw new StackException("Expected the application to answer with commit " + commit.id()
                    + ", but it answers: " + answer.strip());
        }
        screen.seen("the application answers '" + answer.lines().findFirst().orElse("") + "'");
    }

    private void expectNoTrouble(Visitor visitor) {
        visitor.trouble().ifPresent(what -> {
            throw new StackException(
                    "Expected the application to answer all the time since commit 1, but once it did not: " + what);
        });
        screen.seen("since commit 1 the application answered all " + visitor.answered() + " requests of a visitor");
    }
}
