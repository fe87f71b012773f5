package dev.flujo.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The import table of docs/architecture.md, over the compiled classes of all modules. */
class DependencyRulesTest {

    private static final List<String> MODULES = List.of(
            "event-contract",
            "pipeline-core",
            "service-kit",
            "pipeline-service",
            "build-runner",
            "deploy-service",
            "metrics-service");

    private static final String PIPELINE = "dev.flujo.pipeline..";
    private static final String RUNNER = "dev.flujo.runner..";
    private static final String DEPLOY = "dev.flujo.deploy..";
    private static final String METRICS = "dev.flujo.metrics..";

    private static final JavaClasses CLASSES = compiled();

    @Test
    void servicesDoNotKnowEachOther() {
        for (String service : List.of(PIPELINE, RUNNER, DEPLOY, METRICS)) {
            String[] others = List.of(PIPELINE, RUNNER, DEPLOY, METRICS).stream()
                    .filter(other -> !other.equals(service))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(service)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(CLASSES);
        }
    }

    @Test
    void theContractKnowsOnlyTheJdkAndJackson() {
        classes()
                .that()
                .resideInAPackage("dev.flujo.event..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.flujo.event..", "java..", "com.fasterxml.jackson.."))
                .check(CLASSES);
    }

    @Test
    void theCoreKnowsOnlyTheJdkTheContractAndInItsLanguageTheYamlParserAndCel() {
        classes()
                .that()
                .resideInAPackage("dev.flujo.core..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.flujo.core..",
                        "dev.flujo.event..",
                        "java..",
                        "org.snakeyaml.engine..",
                        "dev.cel..",
                        "com.google.common.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("dev.flujo.core.run..", "dev.flujo.core.pool..", "dev.flujo.core.lock..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.snakeyaml..", "dev.cel..", "com.google.common..")
                .check(CLASSES);
    }

    @Test
    void theCoreHasNoClockNoRandomnessAndNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage("dev.flujo.core..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.time.Clock.class,
                        java.util.Random.class,
                        java.util.concurrent.ThreadLocalRandom.class,
                        java.io.File.class,
                        Files.class)
                .check(CLASSES);
    }

    @Test
    void onlyTheOrchestratorKnowsKafkaStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.flujo.pipeline.orchestrator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.streams..")
                .check(CLASSES);
    }

    @Test
    void onlyStoresKnowTheDatabaseDriver() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.flujo..store..", "dev.flujo..token..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.datastax..")
                .check(CLASSES);
    }

    @Test
    void theKitKnowsNoServiceAndNoCore() {
        noClasses()
                .that()
                .resideInAPackage("dev.flujo.kit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PIPELINE, RUNNER, DEPLOY, METRICS, "dev.flujo.core..")
                .check(CLASSES);
    }

    @Test
    void packagesOfAServiceAreFreeOfCycles() {
        for (String service : List.of("pipeline", "runner", "deploy", "metrics", "core", "kit")) {
            slices().matching("dev.flujo." + service + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .check(CLASSES);
        }
    }

    private static JavaClasses compiled() {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> directories = MODULES.stream()
                .map(module -> root.resolve(module).resolve("target/classes"))
                .toList();
        directories.forEach(directory -> assertTrue(
                Files.isDirectory(directory), "Expected compiled classes in " + directory + ", but there are none"));
        return new ClassFileImporter().importPaths(directories);
    }
}
