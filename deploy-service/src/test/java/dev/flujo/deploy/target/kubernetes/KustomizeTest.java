package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.FileBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kustomize directories among artifacts; what renders them is the program of this machine, where there is one. */
class KustomizeTest {

    private static final long MOST = 1024;

    @TempDir
    Path directory;

    private FileBlobStore blobs;
    private final List<Work.Artifact> artifacts = new ArrayList<>();

    @BeforeEach
    void begin() {
        blobs = new FileBlobStore(directory.resolve("blobs"));
    }

    @Test
    void rendersAnOverlayWithItsBase() throws Exception {
        Kustomize kustomize = here();
        add("k8s/base/kustomization.yaml", "resources: [app.yaml]\n");
        add("k8s/base/app.yaml", Manifest.configMap("settings", "1"));
        add("k8s/overlays/production/kustomization.yaml", "namePrefix: live-\nresources: [../../base]\n");
        add("big.bin", "x".repeat(2048));

        String rendered = kustomize.render(artifacts, "k8s/overlays/production", MOST);

        assertTrue(rendered.contains("name: live-settings"), rendered);
    }

    @Test
    void saysWhatIsWrongWithADirectoryByItsOwnNames() throws Exception {
        Kustomize kustomize = here();
        add("k8s/kustomization.yaml", "resources: [missing.yaml]\n");

        Refused refused = assertThrows(Refused.class, () -> kustomize.render(artifacts, "k8s", MOST));

        assertTrue(refused.getMessage().contains("missing.yaml"), refused.getMessage());
        assertFalse(refused.getMessage().contains("flujo-kustomize"), refused.getMessage());
    }

    @Test
    void fetchesNothing() throws Exception {
        Kustomize kustomize = here();
        add("k8s/kustomization.yaml", "resources: [\"https://registry.test/app.yaml\"]\n");

        assertThrows(Refused.class, () -> kustomize.render(artifacts, "k8s", MOST));
    }

    @Test
    void refusesADirectoryThatIsNotThere() throws Exception {
        Kustomize kustomize = here();
        add("k8s/kustomization.yaml", "resources: []\n");

        for (String elsewhere : List.of("other", "../..", "/etc")) {
            Refused refused = assertThrows(Refused.class, () -> kustomize.render(artifacts, elsewhere, MOST));
            assertEquals(
                    "Expected a directory " + elsewhere + " among the artifacts, but there is none.",
                    refused.getMessage());
        }
    }

    @Test
    void saysWhatToInstallWhereNobodyCanRender() {
        Kustomize kustomize = new Kustomize(blobs, directory.toString());

        Refused refused = assertThrows(Refused.class, () -> kustomize.render(artifacts, "k8s", MOST));

        assertEquals(
                "Expected `kubectl` or `kustomize` where deploy-service runs, to render the kustomize directory, but"
                        + " neither is on its PATH (" + directory
                        + "); install one, or render the directory in a step of"
                        + " the job (kubectl kustomize DIRECTORY > FILE) and name that file in `manifests`.",
                refused.getMessage());
    }

    private Kustomize here() {
        String path = System.getenv("PATH");
        boolean able = List.of(path.split(":", -1)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl"))
                        || Files.isExecutable(Path.of(place, "kustomize")));
        Assumptions.assumeTrue(able, "Expected kubectl or kustomize, but there is neither");
        return new Kustomize(blobs, path);
    }

    private void add(String path, String text) throws IOException {
        Path file = Files.writeString(Files.createTempFile(directory, "file", ""), text);
        Blob blob = blobs.put(file);
        artifacts.add(new Work.Artifact("build", path, blob.bytes(), blob.sha256()));
    }
}
