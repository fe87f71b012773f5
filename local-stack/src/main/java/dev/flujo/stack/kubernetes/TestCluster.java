package dev.flujo.stack.kubernetes;

import dev.flujo.stack.Checkout;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The cluster that the tests of one Java process share: that of the kubeconfig which {@code FLUJO_TEST_KUBECONFIG} names,
 * or a {@link ControlPlane} of their own.
 */
public final class TestCluster {

    private static final String GIVEN = "FLUJO_TEST_KUBECONFIG";

    /** With {@code -Dflujo.everything=true} a test that lacks something fails; without, it is skipped. CI sets it. */
    private static final String EVERYTHING = "flujo.everything";

    private static final Object GUARD = new Object();
    private static TestCluster shared;

    private final Path kubeconfig;
    private final KubernetesClient admin;

    private TestCluster(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
        this.admin = client(kubeconfig);
    }

    /** The cluster; a test that asks for it is skipped where there can be none. */
    public static TestCluster shared() {
        synchronized (GUARD) {
            if (shared == null) {
                shared = new TestCluster(
                        Optional.ofNullable(System.getenv(GIVEN)).map(Path::of).orElseGet(TestCluster::ofItsOwn));
            }
            return shared;
        }
    }

    /** A client that may do everything. */
    public KubernetesClient admin() {
        return admin;
    }

    /** The configuration of a client who may do everything. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** The configuration of a client who has this token. */
    public Path kubeconfig(Path where, String token) {
        try {
            Config config = admin.getConfiguration();
            byte[] certificate = Base64.getMimeDecoder().decode(config.getCaCertData());
            return Files.writeString(
                    Files.createTempFile(where, "kubeconfig", ".yaml"),
                    KubeConfig.of(config.getMasterUrl(), certificate, token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Something that stands before the API server, and does to requests what a test wants. */
    public FaultyApi faulty() {
        Config config = admin.getConfiguration();
        return new FaultyApi(config.getMasterUrl(), Base64.getMimeDecoder().decode(config.getCaCertData()));
    }

    /** The configuration of a client who may do everything, through that. */
    public Path kubeconfig(Path where, FaultyApi api) {
        try {
            String token = admin.getConfiguration().getAutoOAuthToken();
            return Files.writeString(
                    Files.createTempFile(where, "kubeconfig", ".yaml"),
                    KubeConfig.of(api.address(), new byte[0], token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A namespace that nobody else uses. */
    public String namespace() {
        String name = "test-" + UUID.randomUUID();
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** A client that does as this configuration says. */
    public static KubernetesClient client(Path kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                        .withHttp2Disable(true)
                        .build())
                .build();
    }

    private static Path ofItsOwn() {
        if (!onPath("etcd") || !onPath("go")) {
            String line = "Expected etcd 3.5.13 and Go 1.24 or newer, or a kubeconfig in " + GIVEN
                    + ", but there is neither; .ci/control-plane installs them on Debian.";
            Assertions.assertFalse(Boolean.getBoolean(EVERYTHING), line);
            Assumptions.abort(line);
        }
        ControlPlane plane = ControlPlane.start(Path.of(script()));
        Runtime.getRuntime().addShutdownHook(new Thread(plane::close, "end-control-plane"));
        return plane.kubeconfig();
    }

    private static boolean onPath(String program) {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    /** Where the script has built the control plane, or had before. */
    private static String script() {
        try {
            Path build = Checkout.find().root().resolve("local-stack/control-plane/build");
            ProcessBuilder builder = new ProcessBuilder(build.toString());
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
