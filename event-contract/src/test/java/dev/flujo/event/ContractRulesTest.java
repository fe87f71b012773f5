package dev.flujo.event;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContractRulesTest {

    private static final JavaClasses CONTRACT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flujo.event");

    private static final Set<Class<?>> VALUES = Set.of(
            String.class,
            int.class,
            long.class,
            boolean.class,
            UUID.class,
            URI.class,
            Instant.class,
            Duration.class,
            Event.class,
            // Content of other tools' events is kept as it was read; nothing of Flujo changes it.
            JsonNode.class);

    static List<Event> samples() {
        return EventSamples.all();
    }

    @Test
    void dependsOnTheJdkAndJacksonOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "com.fasterxml.jackson..", "dev.flujo.event..")
                .check(CONTRACT);
    }

    @Test
    void knowsNoClockNoChanceAndNoInputOrOutput() {
        noClasses().should().dependOnClassesThat().areAssignableTo(Clock.class).check(CONTRACT);
        noClasses().should().dependOnClassesThat().areAssignableTo(Random.class).check(CONTRACT);
        noClasses().should().callMethod(Instant.class, "now").check(CONTRACT);
        noClasses().should().callMethod(UUID.class, "randomUUID").check(CONTRACT);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(CONTRACT);
        noClasses().should().callMethod(System.class, "nanoTime").check(CONTRACT);
        noClasses().should().callMethod(System.class, "getenv").check(CONTRACT);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.file..", "java.nio.channels..", "java.net.http..", "java.util.concurrent..")
                .check(CONTRACT);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|.*Stream|.*Reader|.*Writer).*")
                .check(CONTRACT);
    }

    @Test
    void hasNoMutableStateButConstants() {
        fields().should().beFinal().check(CONTRACT);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void holdsNothingInAnEventThatCanBeChanged(Event sample) throws ReflectiveOperationException {
        assertImmutable(sample);
    }

    private static void assertImmutable(Object value) throws ReflectiveOperationException {
        if (value instanceof Optional<?> optional) {
            if (optional.isPresent()) {
                assertImmutable(optional.get());
            }
        } else if (value instanceof List<?> list) {
            assertThrows(UnsupportedOperationException.class, list::clear);
            for (Object element : list) {
                assertImmutable(element);
            }
        } else if (value instanceof Map<?, ?> map) {
            assertThrows(UnsupportedOperationException.class, map::clear);
            for (Object element : map.values()) {
                assertImmutable(element);
            }
        } else if (value.getClass().isRecord()) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                assertImmutable(component.getAccessor().invoke(value));
            }
        } else {
            assertTrue(isValue(value), () -> "Expected an immutable value, but found a " + value.getClass());
        }
    }

    private static boolean isValue(Object value) {
        return value instanceof Enum
                || value instanceof Number
                || value instanceof Boolean
                || VALUES.stream().anyMatch(type -> type.isInstance(value));
    }
}
