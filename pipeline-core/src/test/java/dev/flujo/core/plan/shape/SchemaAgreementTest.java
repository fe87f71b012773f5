package dev.flujo.core.plan.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The schema for editors accepts and refuses what the reader does, as far as a schema can see: everything but what one part
 * of a file says of another (jobs, inputs, expressions), and what a calendar knows.
 */
class SchemaAgreementTest {

    private static final Path DIRECTORY = Path.of("src/main/resources/dev/flujo/core/plan");
    private static final long SEED = 20261124;
    private static final int MUTATIONS = 4_000;
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(PipelineSchema.of(PipelineShape.PIPELINE, "pipeline", "A pipeline"));

    static List<String> sources() throws IOException {
        return PipelineSources.all();
    }

    @Test
    void publishesTheSchemas() throws IOException {
        check("pipeline.schema.json", PipelineSchema.of(PipelineShape.PIPELINE, "pipeline", "A pipeline of Flujo"));
        check("template.schema.json", PipelineSchema.of(PipelineShape.TEMPLATE, "template", "A template of Flujo"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void agreesWithTheReaderOn(String source) {
        Problems problems = new Problems();
        Optional<Node> root = YamlFile.read(source, problems);
        if (root.isEmpty() || !problems.none()) {
            return;
        }
        agree(root.get(), source);
    }

    @Test
    void agreesWithTheReaderOnMutations() throws IOException {
        Random random = new Random(SEED);
        Mutations mutations = new Mutations(random);
        List<Node> roots = new ArrayList<>();
        for (String source : sources()) {
            Problems problems = new Problems();
            Optional<Node> root = YamlFile.read(source, problems);
            root.ifPresent(node -> new ShapeCheck(problems).check(PipelineShape.PIPELINE, node, "a pipeline"));
            root.filter(node -> problems.none()).ifPresent(roots::add);
        }
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Node mutated = mutations.of(roots.get(random.nextInt(roots.size())));
            accepted += agree(mutated, Trees.written(mutated)) ? 1 : 0;
        }
        assertTrue(accepted > MUTATIONS / 10 && accepted < MUTATIONS * 9 / 10, "accepted: " + accepted);
    }

    private static boolean agree(Node root, String source) {
        Problems problems = new Problems();
        new ShapeCheck(problems).check(PipelineShape.PIPELINE, root, "a pipeline");
        List<String> bySchema =
                SCHEMA.validate(Trees.json(root)).stream().map(Object::toString).toList();

        assertEquals(
                problems.none(),
                bySchema.isEmpty(),
                () -> "the reader says " + (problems.none() ? "nothing" : problems.inOrder()) + "\nthe schema says "
                        + bySchema + "\nof " + source);
        return problems.none();
    }

    private static void check(String file, JsonNode schema) throws IOException {
        String text = new ObjectMapper()
                        .writer(new DefaultPrettyPrinter()
                                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                                .withArrayIndenter(new DefaultIndenter("  ", "\n")))
                        .writeValueAsString(schema)
                + "\n";
        Path path = DIRECTORY.resolve(file);
        if (Boolean.getBoolean("flujo.approve")) {
            Files.createDirectories(DIRECTORY);
            Files.writeString(path, text);
        }
        assertEquals(
                Files.exists(path) ? Files.readString(path) : "", text, file + " differs; approve it after review");
    }
}
