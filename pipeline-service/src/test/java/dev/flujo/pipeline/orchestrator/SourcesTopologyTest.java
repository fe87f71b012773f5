package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.Definitions;
import dev.flujo.event.DerivedId;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.SourceFile;
import dev.flujo.event.JobEvent.UnreadFile;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTopologyTest {

    private static final String BUILD = "name: build\njobs: {a: {steps: [make]}}\n";

    private static final String MANUAL = "name: build\non: manual\njobs: {a: {steps: [make]}}\n";

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        declare(Optional.of("https://x/y"));
        orchestrator.alive("r1");
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void letsARunnerReadTheDefinitionsOfAPush() {
        orchestrator.push("delivery-1", "main");

        RunQueued reading = orchestrator.only(Topic.RUNS, RunQueued.class);
        assertEquals(Definitions.PIPELINE, reading.pipeline());
        assertEquals(Optional.of("abc"), reading.revision().commit());
        assertEquals(Optional.of("https://x/y"), reading.revision().repository());
        WorkAssigned assigned = orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class);
        assertEquals(Definitions.PIPELINE, assigned.work().pipeline());
    }

    @Test
    void startsARunOfEachFileThatWaitsForThePush() {
        orchestrator.push("delivery-1", "main");

        read(List.of(
                new SourceFile(".flujo.yml", BUILD),
                new SourceFile(".flujo/docs.yml", BUILD),
                new SourceFile(".flujo/release.yml", "name: r\non: {tag: }\njobs: {a: {steps: [make]}}\n")));

        assertEquals(List.of("main", "docs"), begun());
        RunQueued main = orchestrator.all(Topic.RUNS, RunQueued.class).get(1);
        assertEquals(Cause.Kind.PUSH, main.cause().kind());
        assertEquals("delivery-1", main.cause().id());
        assertEquals(Optional.of("abc"), main.revision().commit());
        assertEquals(Optional.of("https://x/y"), main.revision().repository());
    }

    @Test
    void tellsWhichPipelinesTheNewestCommitNoLongerDefines() {
        orchestrator.push("delivery-1", "main");
        readNewest(List.of(
                new SourceFile(".flujo.yml", MANUAL),
                new SourceFile(".flujo/docs.yml", MANUAL),
                new SourceFile(".flujo/lint.yml", MANUAL)));
        assertEquals(List.of(), gone());

        orchestrator.push("delivery-2", "main");
        readNewest(List.of(new SourceFile(".flujo.yml", MANUAL), new SourceFile(".flujo/lint.yml", "nonsense")));

        assertEquals(List.of("docs at abc", "lint at abc"), gone());
    }

    @Test
    void tellsWhatCountsWhenTheProjectTakesItsPipelinesFromElsewhere() {
        declare(Optional.empty());
        orchestrator.define("main", MANUAL);
        orchestrator.define("nightly", MANUAL);

        declare(Optional.of("https://x/y"));
        assertEquals(List.of("main", "nightly"), gone());
        orchestrator.push("delivery-1", "main");
        readNewest(List.of(new SourceFile(".flujo.yml", MANUAL), new SourceFile(".flujo/docs.yml", MANUAL)));
        declare(Optional.empty());

        assertEquals(List.of("main", "nightly", "docs"), gone());
        assertEquals(
                List.of("main", "nightly"),
                orchestrator.all(Topic.PIPELINES, PipelineDefined.class).stream()
                        .map(PipelineDefined::pipeline)
                        .toList());
    }

    private void readNewest(List<SourceFile> files) {
        Attempt newest = orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .filter(work -> work.work().pipeline().equals(Definitions.PIPELINE))
                .reduce((first, second) -> second)
                .orElseThrow()
                .attempt();
        read(newest, files, List.of());
    }

    private List<String> gone() {
        return orchestrator.all(Topic.PIPELINES, PipelineGone.class).stream()
                .map(gone -> gone.pipeline()
                        + gone.commit().map(commit -> " at " + commit).orElse(""))
                .toList();
    }

    @Test
    void usesTemplatesThatTheProjectHasSubmitted() {
        String source = "name: java\njobs: {compile: {steps: [make]}}\n";
        TemplateDefined template = new TemplateDefined(
                "shop", "java", DerivedId.digestOf(source), source, "ana", DrivenOrchestrator.START);
        orchestrator.send(Topic.PIPELINES, template);
        TemplateDefined forged =
                new TemplateDefined("shop", "java", "0".repeat(64), source, "eve", DrivenOrchestrator.START);
        orchestrator.send(Topic.PIPELINES, forged);
        orchestrator.push("delivery-1", "main");

        read(List.of(
                new SourceFile(".flujo.yml", "name: main\njobs: {build: {uses: '" + template.subject() + "'}}\n"),
                new SourceFile(".flujo/bad.yml", "name: bad\njobs: {build: {uses: '" + forged.subject() + "'}}\n")));

        assertEquals(List.of("main"), begun());
        RunQueued main = orchestrator.all(Topic.RUNS, RunQueued.class).get(1);
        assertTrue(main.plan().job("build.compile").isPresent(), main.toString());
        assertEquals(1, orchestrator.count(Topic.RUNS, DefinitionRefused.class));
    }

    @Test
    void tellsEverythingThatIsWrongWithAFileAndRunsTheOthers() {
        orchestrator.push("delivery-1", "main");

        read(
                List.of(
                        new SourceFile(".flujo.yml", "name: main\njobs: {a: {step: [make]}, b: {steps: 3}}\n"),
                        new SourceFile(".flujo/docs.yml", BUILD)),
                List.of(new UnreadFile(".flujo/link.yml", "Expected a regular file, but it is a link")));

        assertEquals(List.of("docs"), begun());
        List<DefinitionRefused> refused = orchestrator.all(Topic.RUNS, DefinitionRefused.class);
        assertEquals(
                List.of(".flujo.yml", ".flujo/link.yml"),
                refused.stream().map(DefinitionRefused::file).toList());
        assertTrue(refused.get(0).mistakes().size() >= 2, refused.toString());
        assertEquals(2, refused.get(0).mistakes().get(0).line());
        assertEquals(
                "Expected a regular file, but it is a link",
                refused.get(1).mistakes().get(0).toString());
    }

    @Test
    void startsNothingTwiceHoweverOftenItIsTold() {
        orchestrator.push("delivery-1", "main");
        List<SourceFile> files = List.of(new SourceFile(".flujo.yml", BUILD), new SourceFile(".flujo/x.yml", "no"));
        read(files);

        orchestrator.push("delivery-1", "main");
        read(files);

        assertEquals(List.of("main"), begun());
        assertEquals(1, orchestrator.count(Topic.RUNS, DefinitionRefused.class));
    }

    @Test
    void readsAgainWhenTheRunnerIsLost() {
        orchestrator.push("delivery-1", "main");
        orchestrator.alive("r2");

        orchestrator.tick(Duration.ofSeconds(60), "r2");
        List<WorkAssigned> assigned = orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class);
        assertEquals(2, assigned.size());
        read(assigned.get(1).attempt(), List.of(new SourceFile(".flujo.yml", BUILD)), List.of());

        assertEquals(List.of("main"), begun());
    }

    @Test
    void saysWhichPipelinesTheFiltersSkip() {
        orchestrator.push("delivery-1", "next");

        read(List.of(
                new SourceFile(".flujo.yml", "name: m\non: {push: {branches: main}}\njobs: {a: {steps: [make]}}\n")));
        orchestrator.push("delivery-1", "next");

        RunSkipped skipped = orchestrator.only(Topic.RUNS, RunSkipped.class);
        assertEquals("main", skipped.pipeline());
        assertEquals("its `branches` do not allow `next`", skipped.reason());
    }

    @Test
    void takesNoNotesOfSubmittedPipelinesWhileTheRepositoryCounts() {
        orchestrator.define("old", BUILD);
        orchestrator.push("delivery-1", "main");
        read(List.of());
        assertEquals(List.of(), begun());

        declare(Optional.empty());
        orchestrator.push("delivery-2", "main");

        assertEquals(List.of("old"), begun());
    }

    @Test
    void startsARunThatSomebodyAsksForOnceItsDefinitionIsRead() {
        UUID run = orchestrator.start("docs");
        assertEquals(List.of(), begun());

        read(List.of(new SourceFile(".flujo.yml", BUILD), new SourceFile(".flujo/docs.yml", BUILD)));

        assertEquals(List.of("docs"), begun());
        assertEquals(run, orchestrator.all(Topic.RUNS, RunQueued.class).get(1).run());
    }

    @Test
    void refusesARunWhoseDefinitionCouldNotBeRead() {
        orchestrator.start("docs");
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();

        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.ERRORED));

        assertEquals(
                "definitions-unread",
                orchestrator.only(Topic.RUNS, RunRefused.class).reason());
        assertEquals(
                Outcome.ERRORED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void usesTheTemplatesOfTheCommit() {
        orchestrator.push("delivery-1", "main");

        read(List.of(
                new SourceFile(".flujo.yml", "name: m\njobs: {a: {uses: ./.flujo/templates/t.yml}}\n"),
                new SourceFile(".flujo/templates/t.yml", "name: t\njobs: {b: {steps: [make]}}\n")));

        assertEquals(List.of("main"), begun());
        assertEquals(
                "a.b",
                orchestrator
                        .all(Topic.RUNS, RunQueued.class)
                        .get(1)
                        .plan()
                        .jobs()
                        .get(0)
                        .id());
    }

    private void declare(Optional<String> repository) {
        orchestrator.send(Topic.PIPELINES, new SourceDeclared("shop", repository, "main", "ana", START));
    }

    private void read(List<SourceFile> files) {
        read(files, List.of());
    }

    private void read(List<SourceFile> files, List<UnreadFile> unread) {
        Attempt first =
                orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).get(0).attempt();
        read(first, files, unread);
    }

    private void read(Attempt attempt, List<SourceFile> files, List<UnreadFile> unread) {
        orchestrator.send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", START));
        orchestrator.send(Topic.BUILDS, new DefinitionsRead("shop", attempt, files, unread));
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.SUCCEEDED));
    }

    /** The pipelines of which runs were begun, without readings. */
    private List<String> begun() {
        return orchestrator.all(Topic.RUNS, RunQueued.class).stream()
                .map(RunQueued::pipeline)
                .filter(name -> !name.equals(Definitions.PIPELINE))
                .toList();
    }
}
