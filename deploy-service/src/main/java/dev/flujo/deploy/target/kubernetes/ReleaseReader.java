package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Makes a release of the manifests among a job's artifacts: read, checked, with their images and labels. */
final class ReleaseReader {

    private static final long MOST_BYTES = 4L * 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlobStore blobs;
    private final Kustomize kustomize;

    ReleaseReader(BlobStore blobs) {
        this.blobs = blobs;
        this.kustomize =
                new Kustomize(blobs, Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    /** @throws Refused if the manifests are not what may be deployed to the place */
    Release read(Work work, Place place) throws Refused, IOException {
        Deploy deploy = work.job().deploy().orElseThrow();
        Deploy.Kubernetes wanted = deploy.kubernetes().orElseThrow();
        List<ObjectNode> manifests = new ArrayList<>();
        if (wanted.kustomize().isPresent()) {
            String directory = wanted.kustomize().get();
            String rendered = kustomize.render(work.artifacts(), directory, MOST_BYTES);
            collectAll(directory, documents(directory, new StringReader(rendered)), manifests);
        } else {
            for (Work.Artifact artifact : matching(work, deploy.from(), wanted.manifests())) {
                collectAll(artifact.path(), documents(artifact), manifests);
            }
        }
        Images.set(manifests, wanted.images());
        Release release = Release.of(manifests, place);
        release.manifests().values().forEach(manifest -> Marks.describe(manifest, place, work));
        return release;
    }

    private static List<Work.Artifact> matching(Work work, String from, List<String> patterns) throws Refused {
        List<PathMatcher> matchers = patterns.stream()
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();
        List<Work.Artifact> found = work.artifacts().stream()
                .filter(artifact -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(artifact.path()))))
                .toList();
        if (found.isEmpty()) {
            throw new Refused("Expected manifests among the artifacts of job " + from + ", but none of its "
                    + work.artifacts().size() + " files matches " + String.join(", ", patterns) + ".");
        }
        return found;
    }

    private Iterable<Object> documents(Work.Artifact artifact) throws Refused, IOException {
        if (artifact.bytes() > MOST_BYTES) {
            throw new Refused("Expected at most 4 MiB of manifests in a file, but " + artifact.path() + " has "
                    + artifact.bytes() + " bytes.");
        }
        try (Reader in = new YamlUnicodeReader(blobs.open(artifact.sha256()))) {
            return documents(artifact.path(), in);
        }
    }

    private static Iterable<Object> documents(String label, Reader in) throws Refused {
        try {
            List<Object> documents = new ArrayList<>();
            new Load(LoadSettings.builder().setLabel(label).build())
                    .loadAllFromReader(in)
                    .forEach(documents::add);
            return documents;
        } catch (YamlEngineException e) {
            throw new Refused("Expected YAML in " + label + ", but " + e.getMessage());
        }
    }

    private static void collectAll(String file, Iterable<Object> documents, List<ObjectNode> manifests) throws Refused {
        for (Object document : documents) {
            collect(file, JSON.valueToTree(document), manifests);
        }
    }

    private static void collect(String file, JsonNode document, List<ObjectNode> manifests) throws Refused {
        if (document.isNull()) {
            return;
        }
        if (document.path("kind").asText().equals("List")
                && document.path("items").isArray()) {
            for (JsonNode item : document.path("items")) {
                collect(file, item, manifests);
            }
            return;
        }
        Optional<Kind> kind = Kind.of(
                document.path("apiVersion").asText(), document.path("kind").asText());
        if (kind.isEmpty() || document.at("/metadata/name").asText().isEmpty()) {
            throw new Refused("Expected objects with a name, of the kinds that may be deployed, but " + file + " has "
                    + described(document) + ".");
        }
        manifests.add((ObjectNode) document);
    }

    private static String described(JsonNode document) {
        Map<String, JsonNode> parts = Map.of(
                "kind",
                document.path("kind"),
                "apiVersion",
                document.path("apiVersion"),
                "name",
                document.at("/metadata/name"));
        return "kind " + parts.get("kind").asText("none") + " of "
                + parts.get("apiVersion").asText("no API") + ", named '"
                + parts.get("name").asText() + "'";
    }
}
