package dev.flujo.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What keeps the kernel pure: what it may see, and that it can neither look at a clock nor reach outside. */
class PurityTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.flujo.core");

    private static final DescribedPredicate<JavaClass> PURE_JDK = describe(
            "pure parts of the JDK",
            type -> Set.of(
                                    "java.lang",
                                    "java.lang.invoke",
                                    "java.lang.runtime",
                                    "java.math",
                                    "java.nio",
                                    "java.nio.charset",
                                    "java.security",
                                    "java.text",
                                    "java.time",
                                    "java.util",
                                    "java.util.function",
                                    "java.util.regex",
                                    "java.util.stream",
                                    "java.lang.annotation")
                            .contains(type.getBaseComponentType().getPackageName())
                    || type.getBaseComponentType().isPrimitive());

    @Test
    void seesOnlyTheJdkAndTheContract() {
        classes()
                .that(resideOutsideOfPackage("dev.flujo.core.plan.."))
                .should()
                .onlyDependOnClassesThat(PURE_JDK.or(resideInAnyPackage("dev.flujo.event..", "dev.flujo.core..")))
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void seesTheYamlParserOnlyWhereFilesAreRead() {
        classes()
                .that()
                .resideInAPackage("dev.flujo.core.plan.yaml..")
                .should()
                .onlyDependOnClassesThat(
                        PURE_JDK.or(resideInAnyPackage("dev.flujo.core.plan.yaml..", "org.snakeyaml.engine.v2..")))
                .check(CORE);
    }

    @Test
    void seesTheExpressionLanguageOnlyInItsPackage() {
        classes()
                .that()
                .resideInAPackage("dev.flujo.core.plan.expression..")
                .should()
                .onlyDependOnClassesThat(PURE_JDK.or(resideInAnyPackage(
                        "dev.flujo.core.plan.expression..",
                        "dev.flujo.core.plan.shape..",
                        "dev.flujo.core.plan.yaml..",
                        "dev.cel..",
                        "com.google.common.collect..")))
                .check(CORE);
    }

    @Test
    void seesNeitherOfThemInTheRestOfTheLanguage() {
        classes()
                .that()
                .resideInAnyPackage("dev.flujo.core.plan", "dev.flujo.core.plan.shape..")
                .should()
                .onlyDependOnClassesThat(PURE_JDK.or(resideInAnyPackage("dev.flujo.event..", "dev.flujo.core.plan..")))
                .check(CORE);
    }

    @Test
    void knowsNeitherTimeNorChanceNorTheMachineItRunsOn() {
        noClasses()
                .should()
                .callMethodWhere(describe("a clock, chance or the machine is asked", call -> {
                    AccessTarget.MethodCallTarget target = call.getTarget();
                    String type = target.getOwner().getName();
                    boolean now =
                            type.startsWith("java.time.") && target.getName().equals("now");
                    boolean chance = target.getName().equals("randomUUID")
                            || (type.equals("java.lang.Math")
                                    && target.getName().equals("random"));
                    return now || chance;
                }))
                .check(CORE);
        noClasses()
                .should()
                .dependOnClassesThat(describe("tell time, make chance or reach outside", type -> Set.of(
                                "java.time.Clock",
                                "java.lang.System",
                                "java.lang.Runtime",
                                "java.lang.Thread",
                                "java.lang.Process",
                                "java.lang.ProcessBuilder",
                                "java.util.Random",
                                "java.util.SplittableRandom",
                                "java.util.Scanner",
                                "java.util.Date",
                                "java.util.Timer",
                                "java.util.Calendar")
                        .contains(type.getName())))
                .check(CORE);
    }

    @Test
    void hasNoCyclesBetweenItsPackages() {
        slices().matching("dev.flujo.core.(*)..").should().beFreeOfCycles().check(CORE);
        slices().matching("dev.flujo.core.plan.(**)").should().beFreeOfCycles().check(CORE);
    }
}
