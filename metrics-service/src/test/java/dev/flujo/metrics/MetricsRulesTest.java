package dev.flujo.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class MetricsRulesTest {

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flujo.metrics");

    @Test
    void keepsEachTechnologyInItsPackage() {
        only("..store..", "com.datastax..");
        only("..messaging..", "org.apache.kafka..", "org.eclipse.microprofile.reactive..", "io.smallrye.reactive..");
        only("..api..", "jakarta.ws.rs..", "io.micrometer..", "org.eclipse.microprofile.openapi..");
    }

    @Test
    void computesWithoutAskingTheClock() {
        noClasses().should().callMethod(Instant.class, "now").check(SERVICE);
        noClasses().should().callMethod(LocalDate.class, "now").check(SERVICE);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(SERVICE);
    }

    @Test
    void hasNoCycles() {
        slices().matching("dev.flujo.metrics.(*)..").should().beFreeOfCycles().check(SERVICE);
    }

    @Test
    void keepsTheArithmeticFreeOfItsEdges() {
        noClasses()
                .that()
                .resideInAPackage("dev.flujo.metrics")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.flujo.metrics.api..", "dev.flujo.metrics.store..", "dev.flujo.metrics.messaging..")
                .check(SERVICE);
    }

    private static void only(String home, String... technology) {
        noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(technology)
                .check(SERVICE);
    }
}
