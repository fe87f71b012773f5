package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import dev.flujo.runner.executor.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobSecretsTest {

    @TempDir
    Path directory;

    @Test
    void readsThoseThatTheJobAndItsStepsNameAndNoOthers() throws IOException, RefusedException {
        put("shop", "TOKEN", "the-token-of-the-shop\n");
        put("shop", "KEY", "-----BEGIN-----\nabcdefgh\n-----END-----\n");
        put("shop", "UNNAMED", "not-asked-for");

        assertEquals(
                Map.of("TOKEN", "the-token-of-the-shop", "KEY", "-----BEGIN-----\nabcdefgh\n-----END-----"),
                secrets().of(work(List.of("TOKEN"), List.of("KEY"))));
    }

    @Test
    void givesStepsTheirOwnOrElseThoseOfTheJob() {
        Work work = work(List.of("TOKEN"), List.of("KEY"));

        Work given = JobSecrets.given(work, Map.of("TOKEN", "t", "KEY", "k"));

        assertEquals(Map.of("TOKEN", "t", "A", "b"), given.job().steps().get(0).env());
        assertEquals(Map.of("KEY", "k", "A", "b"), given.job().steps().get(1).env());
    }

    @Test
    void readsNoneOfAnotherProject() throws IOException {
        put("other", "TOKEN", "the-token-of-another");

        assertEquals(
                "Expected the secret 'TOKEN' of project shop, but the runner has no file; put its value into shop/TOKEN"
                        + " below the runner's directory of secrets, or take the name out of `secrets`",
                refusal());
    }

    @Test
    void refusesWhatCannotBeKeptSecretOrGiven() throws IOException {
        put("shop", "TOKEN", "short\n");
        assertEquals(
                "Expected the secret 'TOKEN' of project shop to be text of at least 8 characters, but it is not, and no"
                        + " log could be kept free of it",
                refusal());
        put("shop", "TOKEN", "x".repeat(70_000));
        assertTrue(refusal().contains("but its file is too long; put"), refusal());
        Files.write(directory.resolve("shop/TOKEN"), new byte[] {(byte) 0xC3, 0x28, 1, 2, 3, 4, 5, 6, 7, 8});
        assertTrue(refusal().contains("but its file cannot be read; put"), refusal());
    }

    @Test
    void saysWhereSecretsWouldBe() {
        RefusedException refused = assertThrows(
                RefusedException.class, () -> new JobSecrets(Optional.empty()).of(work(List.of("TOKEN"), List.of())));

        assertEquals(
                "Expected the secret 'TOKEN', but the runner has no secrets; whoever looks after it sets"
                        + " FLUJO_RUNNER_SECRETS_DIRECTORY",
                refused.getMessage());
    }

    private String refusal() {
        return assertThrows(RefusedException.class, () -> secrets().of(work(List.of("TOKEN"), List.of())))
                .getMessage();
    }

    private JobSecrets secrets() {
        return new JobSecrets(Optional.of(directory));
    }

    private void put(String project, String name, String value) throws IOException {
        Files.createDirectories(directory.resolve(project));
        Files.writeString(directory.resolve(project).resolve(name), value);
    }

    private static Work work(List<String> ofJob, List<String> ofStep) {
        Step.Settings none = Step.Settings.NONE;
        Step.Settings own = new Step.Settings(
                none.condition(),
                none.continueOnError(),
                none.timeout(),
                none.shell(),
                none.workingDirectory(),
                ofStep,
                none.bindings());
        Work work = Works.of(List.of(
                new Step("first", "true", Map.of("A", "b"), none), new Step("second", "true", Map.of("A", "b"), own)));
        Job job = work.job();
        return new Work(
                work.project(),
                work.pipeline(),
                work.attempt(),
                new Job(
                        job.id(),
                        job.needs(),
                        job.env(),
                        job.steps(),
                        job.timeout(),
                        job.artifacts(),
                        job.junit(),
                        job.deploy(),
                        job.name(),
                        job.gate(),
                        job.placement(),
                        job.tolerance(),
                        new Supplies(ofJob, List.of(), List.of(), Optional.empty()),
                        job.results(),
                        job.matrix(),
                        job.cell(),
                        job.bindings()),
                work.revision(),
                work.env(),
                work.by(),
                work.artifacts());
    }
}
