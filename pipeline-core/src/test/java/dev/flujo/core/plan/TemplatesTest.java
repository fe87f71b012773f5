package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Binding;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TemplatesTest {

    private static final String JAVA =
            """
            name: java
            inputs:
              goal: {required: true}
              jdk: {type: number, default: 21}
            env: {MAVEN_OPTS: -Xmx512m}
            jobs:
              compile:
                env: {GOAL: "${{ inputs.goal }}"}
                outputs: [version]
                steps: [mvn "$GOAL"]
              test:
                needs: compile
                if: inputs.jdk > 17
                env: {VERSION: "${{ needs.compile.outputs.version }}"}
                steps: [mvn verify]
            """;

    private static final String LOGIN =
            """
            name: login
            inputs: {registry: {default: registry.example.com}}
            env: {REGISTRY: "${{ inputs.registry }}"}
            steps:
              - {run: 'login "$REGISTRY"', secrets: [REGISTRY_TOKEN]}
              - logout
            """;

    @Test
    void wantsANameOfEachTemplate() {
        assertEquals(
                List.of("1:1 Expected `name` in a template, but it has none; add it, such as `name: build-java`."),
                TemplateReader.problems("steps: [make]\n", Map.of()).stream()
                        .map(String::valueOf)
                        .toList());
    }

    @Test
    void putsTheJobsOfATemplateInThePlaceOfTheJobThatUsesIt() {
        Plan plan = Readings.plan(PlanReader.read(
                """
                name: shop
                jobs:
                  lint: {steps: [./lint], outputs: [level]}
                  build: {needs: lint, uses: ./java.yml, with: {goal: "${{ needs.lint.outputs.level }}"}}
                  ship: {needs: build, steps: [./ship]}
                """,
                Map.of("./java.yml", JAVA)));

        assertEquals(
                List.of("lint", "build.compile", "build.test", "ship"),
                plan.jobs().stream().map(Job::id).toList());
        Job compile = plan.job("build.compile").orElseThrow();
        Job test = plan.job("build.test").orElseThrow();
        assertEquals(List.of("lint"), compile.needs());
        assertEquals(List.of("build.compile"), test.needs());
        assertEquals(List.of("build"), plan.job("ship").orElseThrow().needs());
        assertTrue(test.cameOutOf("build"));
        assertEquals(Map.of("MAVEN_OPTS", "-Xmx512m", "GOAL", "${{ inputs.goal }}"), compile.env());
        Map<String, Binding> bindings = new LinkedHashMap<>();
        bindings.put("goal", new Binding(Input.Kind.STRING, "${{ needs.lint.outputs.level }}"));
        bindings.put("jdk", new Binding(Input.Kind.NUMBER, "21"));
        assertEquals(List.of(bindings), compile.bindings());
    }

    @Test
    void leavesOutNothingThatAJobOfATemplateSays() {
        Plan plan = Readings.plan(
                PlanReader.read(
                        "name: shop\njobs: {all: {uses: ./release.yml}}\n",
                        Map.of(
                                "./release.yml",
                                """
                        name: release
                        jobs:
                          build: {checkout: {lfs: true}, artifacts: {paths: [out]}, steps: [make]}
                          ship: {needs: build, deploy: {environment: live, from: build, start: ./x, config: reread}}
                        """)));

        assertEquals(
                Optional.of(new Supplies.Checkout(false, true)),
                plan.job("all.build").orElseThrow().supplies().checkout());
        assertEquals(
                Optional.of(Deploy.Reading.REREAD),
                plan.job("all.ship").orElseThrow().deploy().orElseThrow().config());
    }

    @Test
    void evaluatesATemplatesInputsWhereItIsUsed() {
        Plan plan = Readings.plan(PlanReader.read(
                """
                name: shop
                inputs: {level: {default: verify}}
                jobs: {build: {uses: ./java.yml, with: {goal: "${{ inputs.level }}-${{ event.branch }}", jdk: 17}}}
                """,
                Map.of("./java.yml", JAVA)));
        Context context =
                new Context(plan, Map.of("branch", "main"), Map.of("level", "${{ run.id }}"), Map.of("id", "1"));
        Map<String, Context.Need> needs =
                Map.of("build.compile", new Context.Need("succeeded", Map.of("version", "1.2")));

        Job compile = plan.job("build.compile").orElseThrow();
        Job test = plan.job("build.test").orElseThrow();

        assertEquals(
                "${{ run.id }}-main",
                context.of(compile, Map.of()).text(compile.env().get("GOAL")));
        assertEquals("1.2", context.of(test, needs).text(test.env().get("VERSION")));
        assertEquals(
                false,
                context.of(test, needs)
                        .holds(test.gate().condition().expression().orElseThrow()));
    }

    @Test
    void putsTheStepsOfATemplateInThePlaceOfTheStepThatUsesIt() {
        String reference = "shop/login@sha256:" + "ab".repeat(32);
        Plan plan = Readings.plan(PlanReader.read(
                "name: shop\njobs: {push: {steps: [make, {uses: \"" + reference
                        + "\", with: {registry: \"${{ event.tag }}\"}}, ./push]}}",
                Map.of(reference, LOGIN)));

        List<Step> steps = plan.jobs().get(0).steps();

        assertEquals(
                List.of("make", "login \"$REGISTRY\"", "logout", "./push"),
                steps.stream().map(Step::run).toList());
        assertEquals(Map.of("REGISTRY", "${{ inputs.registry }}"), steps.get(2).env());
        assertEquals(List.of("REGISTRY_TOKEN"), steps.get(1).settings().secrets());
        assertEquals(
                List.of(Map.of("registry", new Binding(Input.Kind.STRING, "${{ event.tag }}"))),
                steps.get(1).settings().bindings());
    }

    @Test
    void usesTemplatesInTemplates() {
        Map<String, String> templates = Map.of(
                "./outer.yml",
                "name: outer\ninputs: {x: {}}\njobs: {in: {uses: ./inner.yml, with: {y: \"${{ inputs.x }}!\"}}}",
                "./inner.yml",
                "name: inner\ninputs: {y: {}}\njobs: {work: {env: {Y: \"${{ inputs.y }}\"}, steps: [make]}}");
        Plan plan = Readings.plan(PlanReader.read(
                "name: shop\njobs: {a: {uses: ./outer.yml, with: {x: \"${{ event.branch }}\"}}}", templates));

        Job job = plan.jobs().get(0);

        assertEquals("a.in.work", job.id());
        assertEquals(
                "main!",
                new Context(plan, Map.of("branch", "main"), Map.of(), Map.of())
                        .of(job, Map.of())
                        .text(job.env().get("Y")));
    }

    @Test
    void saysWhatIsWrongWithTheUseOfATemplate() {
        Map<String, String> templates = Map.of(
                "./java.yml", JAVA,
                "./login.yml", LOGIN,
                "./bad.yml", "name: bad\njobs:\n  a: {step: [make]}\n",
                "./self.yml", "name: self\njobs: {a: {uses: ./self.yml}}",
                "./both.yml", "name: both\njobs: {a: {steps: [make]}}\nsteps: [make]\n",
                "./strange.yml", "name: strange\njobs: {a: {steps: [make], if: inputs.x == 'y'}}\n");
        String source =
                """
                name: shop
                jobs:
                  a: {uses: ./none.yml}
                  b: {uses: ./java.yml}
                  c: {uses: ./java.yml, with: {goal: x, gaol: y, jdk: old}}
                  d: {uses: ./login.yml}
                  e: {steps: [{uses: ./java.yml, with: {goal: x}}]}
                  f: {uses: ./bad.yml}
                  g: {uses: ./bad.yml}
                  h: {uses: ./self.yml}
                  i: {uses: ./both.yml}
                  j: {uses: ./strange.yml}
                  k: {needs: c, steps: [make], if: needs.c.outputs.version == '1'}
                  l: {uses: ./java.yml, with: {goal: "${{ needs.a.outcome }}"}}
                """;

        assertEquals(
                List.of(
                        "3:13 Expected a template that there is, but there is no `./none.yml`; submit it first, "
                                + "or correct the reference.",
                        "4:13 Expected a value for every input that the template requires, but `goal` has none; "
                                + "add it to `with`.",
                        "5:41 Expected an input of this template, but it has no `gaol`; correct or remove it. "
                                + "Did you mean `goal`?",
                        "5:55 Expected a number for input `jdk`, but it is `old`; correct it.",
                        "6:13 Expected a template of jobs, but `./login.yml` is one of steps; use it in a step.",
                        "7:22 Expected a template of steps, but `./java.yml` is one of jobs; use it as a job.",
                        "8:13 Expected a template without problems, but `./bad.yml` has one in line 3: Expected "
                                + "a key of a job, but `step` is unknown; correct or remove it.",
                        "9:13 Expected a template without problems, but `./bad.yml` has one in line 3: Expected "
                                + "a key of a job, but `step` is unknown; correct or remove it.",
                        "10:13 Expected a template without problems, but `./self.yml` has one in line 2: "
                                + "Expected templates that end somewhere, but `./self.yml` uses itself; remove it.",
                        "11:13 Expected a template without problems, but `./both.yml` has one in line 3: "
                                + "Expected only one of `jobs` and `steps`, but a template has `jobs` and "
                                + "`steps`; write two templates.",
                        "12:13 Expected a template without problems, but `./strange.yml` has one in line 2: "
                                + "Expected an input that is declared, but there is no `inputs.x`; add it to `inputs`.",
                        "13:43 Expected outputs of one job, but `c` stands for several, each with its own; need "
                                + "the one that has the value.",
                        "14:38 Expected a job that this job needs, but there is no `needs.a` in its `needs`; add "
                                + "it there."),
                Readings.sentences(PlanReader.read(source, templates)));
    }

    @Test
    void refusesTemplatesThatMultiplyWithoutEnd() {
        String jobs = IntStream.range(0, 200)
                .mapToObj(i -> "  j" + i + ": {uses: ./inner.yml}\n")
                .collect(Collectors.joining());
        Map<String, String> templates = Map.of(
                "./outer.yml",
                "name: outer\njobs:\n" + jobs,
                "./inner.yml",
                "name: inner\njobs: {a: {steps: [x]}, b: {steps: [x]}, c: {steps: [x]}}");

        List<String> sentences =
                Readings.sentences(PlanReader.read("name: shop\njobs:\n" + jobs.replace("inner", "outer"), templates));

        assertEquals(
                "4:14 Expected at most 1000 jobs from templates, but there are more; split the pipeline.",
                sentences.get(0));
    }

    @Test
    void refusesTemplatesThatAreTooDeep() {
        Map<String, String> templates = IntStream.range(0, 10)
                .boxed()
                .collect(Collectors.toMap(
                        i -> "./t" + i + ".yml", i -> "name: t\njobs: {a: {uses: ./t" + (i + 1) + ".yml}}"));

        assertTrue(Readings.sentences(PlanReader.read("name: shop\njobs: {a: {uses: ./t0.yml}}", templates))
                .get(0)
                .contains("has one in line"));
    }
}
