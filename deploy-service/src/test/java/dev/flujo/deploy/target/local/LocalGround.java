package dev.flujo.deploy.target.local;

import dev.flujo.deploy.DeployConfig;
import dev.flujo.kit.blob.FileBlobStore;
import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A directory in which tests open local targets, and where everything ends with them. */
final class LocalGround implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final int firstPort = Await.freePort();
    private final FileBlobStore blobs;

    LocalGround(Path directory) throws IOException {
        this.directory = directory;
        this.blobs = new FileBlobStore(directory.resolve("blobs"));
        proxy().ensure();
    }

    FileBlobStore blobs() {
        return blobs;
    }

    int firstPort() {
        return firstPort;
    }

    ProxyProcess proxy() throws IOException {
        return new ProxyProcess(config());
    }

    LocalTarget open() throws IOException {
        return new LocalTarget(config(), blobs);
    }

    boolean running(UUID deployment) {
        return !new MarkedProcesses(Release.MARK, deployment.toString())
                .living()
                .isEmpty();
    }

    void end(UUID deployment) {
        new MarkedProcesses(Release.MARK, deployment.toString()).end(PATIENCE);
    }

    Optional<ProcessHandle> proxyProcess() throws IOException {
        return new ProcessDirectory(directory.resolve("proxy")).process();
    }

    @Override
    public void close() throws IOException {
        for (EnvironmentDirectory environment : EnvironmentDirectory.all(directory)) {
            for (Release release : environment.releases()) {
                end(UUID.fromString(release.deployment()));
            }
        }
        proxyProcess().ifPresent(ProcessHandle::destroyForcibly);
    }

    private DeployConfig config() {
        return new TestConfig(directory, firstPort);
    }

    private record TestConfig(Path directory, int firstPort) implements DeployConfig {

        @Override
        public int slots() {
            return 4;
        }

        @Override
        public Duration heartbeat() {
            return Duration.ofSeconds(5);
        }

        @Override
        public Duration drift() {
            return Duration.ofMinutes(1);
        }

        @Override
        public int temporaryEnvironments() {
            return 10;
        }

        @Override
        public Optional<Path> secretsKeyFile() {
            return Optional.empty();
        }

        @Override
        public Duration drain() {
            return Duration.ofSeconds(10);
        }

        @Override
        public Proxy proxy() {
            return new Proxy() {
                @Override
                public String host() {
                    return "127.0.0.1";
                }

                @Override
                public Optional<String> publicHost() {
                    return Optional.empty();
                }

                @Override
                public int ports() {
                    return firstPort;
                }

                @Override
                public Optional<String> classPath() {
                    return Optional.empty();
                }
            };
        }

        @Override
        public Prometheus prometheus() {
            return Optional::empty;
        }

        @Override
        public Optional<String> failpoint() {
            return Optional.empty();
        }
    }
}
