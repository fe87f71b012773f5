package dev.flujo.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A whole Flujo on one machine: Kafka, Cassandra and the four services, each a process of its own. */
public final class LocalStack {

    public static final List<String> SERVICES =
            List.of("pipeline-service", "build-runner", "deploy-service", "metrics-service");

    /** Few projects live on one machine, and one broker looks at every partition at each fetch. */
    private static final int PARTITIONS = 4;

    private static final Duration TO_END = Duration.ofSeconds(15);
    private static final Duration TO_END_WITHOUT_KAFKA = Duration.ofSeconds(2);

    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmx256m",
            "-Djdk.lang.Process.launchMechanism=VFORK",
            "-Xshare:auto",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    private static final String PIPELINE_SERVICE = "pipeline-service";

    /** What the services that do little are spared: compiling it twice, while the others need the processors. */
    private static final String COMPILED_ONCE = "-XX:TieredStopAtLevel=1";

    private final Checkout checkout;
    private final Path home;
    private final Ports ports;
    private final Secrets secrets;
    private final KafkaServer kafka;
    private final CassandraServer cassandra;
    private final Map<String, ServiceMember> services = new LinkedHashMap<>();

    /**
     * @param home where everything of the stack lies
     * @param extra further environment variables by service
     */
    public LocalStack(Checkout checkout, Path home, Ports ports, Map<String, Map<String, String>> extra) {
        this.checkout = checkout;
        this.home = home;
        this.ports = ports;
        this.secrets = new Secrets(home.resolve("secrets"));
        this.kafka = new KafkaServer(
                checkout,
                home.resolve("kafka"),
                ports.of(Ports.KAFKA),
                ports.of(Ports.KAFKA_CONTROLLER),
                member(Ports.KAFKA));
        this.cassandra = new CassandraServer(
                checkout,
                home.resolve("cassandra"),
                ports.of(Ports.CASSANDRA),
                ports.of(Ports.CASSANDRA_STORAGE),
                member(Ports.CASSANDRA));
        for (String service : SERVICES) {
            Map<String, String> additions = extra.getOrDefault(service, Map.of());
            services.put(
                    service,
                    new ServiceMember(service, ports.of(service), member(service), () -> launch(service, additions)));
        }
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public CassandraServer cassandra() {
        return cassandra;
    }

    public ServiceMember service(String name) {
        return services.get(name);
    }

    /**
     * A further one of the services before the same Kafka and Cassandra, not started, with the secrets and blobs of this stack;
     * it does not end with the stack.
     *
     * @param place where everything else of it lies
     * @param environment further environment variables
     */
    public ServiceMember replica(String service, Path place, int port, Map<String, String> environment) {
        Map<String, Integer> beside = new HashMap<>(ports.byName());
        beside.put(service, port);
        Map<String, String> all = new HashMap<>(Map.of(
                "FLUJO_INTERNAL_TOKEN_FILE", secrets.internalToken().toString(),
                "FLUJO_BOOTSTRAP_TOKEN_FILE", secrets.bootstrapToken().toString(),
                "FLUJO_WEBHOOK_SECRET_FILE", secrets.webhookSecret().toString(),
                "FLUJO_PROVENANCE_KEY_FILE", secrets.provenanceKey().toString(),
                "FLUJO_BLOBS_DIRECTORY", home.resolve("blobs").toString(),
                "FLUJO_RUNNER_SECRETS_DIRECTORY", jobSecrets().toString()));
        all.putAll(environment);
        return new LocalStack(checkout, place, new Ports(beside), Map.of(service, all)).service(service);
    }

    /** Where the secrets of jobs lie, as PROJECT/NAME. */
    public Path jobSecrets() {
        return home.resolve("job-secrets");
    }

    public Path home() {
        return home;
    }

    public Ports ports() {
        return ports;
    }

    /** The address that users talk to. */
    public String url() {
        return services.get(PIPELINE_SERVICE).url();
    }

    /** The token of the first administrator. */
    public String adminToken() {
        return Secrets.read(secrets.bootstrapToken());
    }

    /** The secret with which webhooks are signed. */
    public String webhookSecret() {
        return Secrets.read(secrets.webhookSecret());
    }

    /** Starts everything that does not run yet, and waits until all of it is ready. */
    public void start(Progress progress) {
        if (!cassandra.process().alive()) {
            progress.starting(Ports.CASSANDRA);
            cassandra.start();
        }
        if (!kafka.process().alive()) {
            progress.starting(Ports.KAFKA);
            kafka.start();
        }
        kafka.awaitReady();
        progress.ready(Ports.KAFKA);
        for (ServiceMember service : services.values()) {
            if (!service.process().alive()) {
                progress.starting(service.process().name());
                service.start();
            }
        }
        cassandra.awaitReady();
        progress.ready(Ports.CASSANDRA);
        for (ServiceMember service : services.values()) {
            service.awaitReady();
            progress.ready(service.process().name());
        }
        Stream.of(cassandra.process(), services.get("metrics-service").process())
                .flatMap(behind -> behind.process().stream())
                .forEach(Niceness::giveWay);
    }

    /** Ends everything of this stack, also what a crash has left behind. */
    public void stop(Progress progress) {
        List<ServiceMember> reversed = new ArrayList<>(services.values());
        Collections.reverse(reversed);
        for (ServiceMember service : reversed) {
            progress.stopping(service.process().name());
            service.process().ask();
        }
        // Without Kafka they have nowhere to say goodbye to, and would only wait for it.
        Duration patience = kafka.process().alive() ? TO_END : TO_END_WITHOUT_KAFKA;
        Await.until(patience, () -> reversed.stream()
                .noneMatch(service -> service.process().alive()));
        reversed.forEach(service -> service.process().stop(Duration.ZERO));
        progress.stopping("jobs and applications");
        StackProcesses processes = new StackProcesses(home);
        processes.end(this::server);
        List<ServerProcess> servers = List.of(kafka.process(), cassandra.process());
        servers.forEach(server -> {
            progress.stopping(server.name());
            server.ask();
        });
        servers.forEach(server -> server.stop(Duration.ofSeconds(30)));
        processes.end(process -> false);
    }

    /** All members, servers first. */
    public List<ServerProcess> members() {
        List<ServerProcess> members = new ArrayList<>(List.of(kafka.process(), cassandra.process()));
        services.values().forEach(service -> members.add(service.process()));
        return members;
    }

    /** Told what a stack is doing. */
    public interface Progress {

        void starting(String member);

        void ready(String member);

        void stopping(String member);

        /** Tells nobody. */
        static Progress silent() {
            return new Progress() {
                @Override
                public void starting(String member) {}

                @Override
                public void ready(String member) {}

                @Override
                public void stopping(String member) {}
            };
        }
    }

    private boolean server(ProcessHandle process) {
        return Optional.of(process).equals(kafka.process().process())
                || Optional.of(process).equals(cassandra.process().process());
    }

    private ServerProcess.Launch launch(String service, Map<String, String> additions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        if (!service.equals(PIPELINE_SERVICE)) {
            command.add(COMPILED_ONCE);
        }
        command.addAll(List.of(
                "-Dflujo.member=" + service,
                "-jar",
                checkout.serviceJar(service).toString()));
        Map<String, String> environment = environment(service);
        if (service.equals("pipeline-service")) {
            environment.put("FLUJO_PROVENANCE_KEY_FILE", secrets.provenanceKey().toString());
        }
        environment.putAll(additions);
        return new ServerProcess.Launch(command, environment, home.resolve(service));
    }

    private ServerProcess member(String name) {
        return new ServerProcess(
                name, home.resolve("run"), home.resolve("logs"), Map.of(StackProcesses.MARK, StackProcesses.id(home)));
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("FLUJO_TOPICS_PARTITIONS", Integer.toString(PARTITIONS));
        environment.put("FLUJO_ORCHESTRATOR_THREADS", "1");
        environment.put("QUARKUS_CASSANDRA_CONTACT_POINTS", cassandra.contactPoint());
        environment.put("QUARKUS_CASSANDRA_LOCAL_DATACENTER", cassandra.datacenter());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(service)));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("FLUJO_INTERNAL_TOKEN_FILE", secrets.internalToken().toString());
        environment.put("FLUJO_BOOTSTRAP_TOKEN_FILE", secrets.bootstrapToken().toString());
        environment.put("FLUJO_WEBHOOK_SECRET_FILE", secrets.webhookSecret().toString());
        environment.put("FLUJO_BLOBS_DIRECTORY", home.resolve("blobs").toString());
        environment.put("FLUJO_REPOSITORIES_LOCAL", home.toString());
        environment.put(
                "FLUJO_ORCHESTRATOR_STATE_DIRECTORY",
                home.resolve("orchestrator").toString());
        environment.put("FLUJO_RUNNER_DIRECTORY", home.resolve("build-runner").toString());
        environment.put("FLUJO_RUNNER_SECRETS_DIRECTORY", jobSecrets().toString());
        environment.put("FLUJO_RUNNER_LOCAL_REPOSITORIES", home.toString());
        Optional.ofNullable(System.getProperty("user.home"))
                .ifPresent(user -> environment.put("FLUJO_RUNNER_HOME", user));
        environment.put(
                "FLUJO_IN_HAND_DIRECTORY",
                home.resolve("in-hand").resolve(service).toString());
        environment.put("FLUJO_DEPLOY_DIRECTORY", home.resolve("deploy-service").toString());
        environment.put("FLUJO_DEPLOY_PROXY_PORTS", Integer.toString(ports.of(Ports.PROXY)));
        environment.put("FLUJO_DEPLOY_SERVICE_URL", "http://127.0.0.1:" + ports.of("deploy-service"));
        environment.put("FLUJO_METRICS_SERVICE_URL", "http://127.0.0.1:" + ports.of("metrics-service"));
        return environment;
    }
}
