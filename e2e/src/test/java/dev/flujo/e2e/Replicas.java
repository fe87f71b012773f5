package dev.flujo.e2e;

import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import dev.flujo.stack.StackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Several pipeline-services before the same Kafka and Cassandra, each with a directory of its own. */
final class Replicas {

    private static final String SERVICE = "pipeline-service";
    private static final String JSTACK =
            Path.of(System.getProperty("java.home"), "bin", "jstack").toString();
    private static final Map<String, String> STANDBY = Map.of("FLUJO_ORCHESTRATOR_STANDBY_REPLICAS", "1");

    private final List<ServiceMember> all = new ArrayList<>();

    /** The service of a stack is the first of them. */
    Replicas(SharedStack shared, int count) {
        LocalStack stack = shared.stack();
        all.add(shared.with(SERVICE, STANDBY).service(SERVICE));
        Map<String, String> environment = new HashMap<>(shared.toFindBlobs());
        environment.putAll(STANDBY);
        for (int number = 2; number <= count; number++) {
            all.add(stack.replica(
                    SERVICE, shared.outside().resolve("replica-" + number), Await.freePort(), environment));
        }
    }

    List<ServiceMember> all() {
        return all;
    }

    List<String> urls() {
        return all.stream().map(ServiceMember::url).toList();
    }

    void start() {
        all.stream().filter(replica -> !replica.process().alive()).forEach(ServiceMember::start);
        all.forEach(Replicas::awaitReady);
    }

    /** Says what the orchestrator's threads are at where a replica does not get ready. */
    static void awaitReady(ServiceMember replica) {
        try {
            replica.awaitReady();
        } catch (StackException e) {
            throw new AssertionError(e.getMessage() + "\n" + orchestratorThreads(replica), e);
        }
    }

    private static String orchestratorThreads(ServiceMember replica) {
        return replica.process()
                .process()
                .map(process -> Machine.run(List.of(JSTACK, Long.toString(process.pid())), Map.of(), new byte[0]))
                .map(Replicas::ofOrchestrator)
                .orElse("its process has ended");
    }

    private static String ofOrchestrator(String threads) {
        return Arrays.stream(threads.split("\n\n"))
                .filter(thread -> thread.contains("StateUpdater") || thread.contains("StreamThread"))
                .collect(Collectors.joining("\n\n"));
    }

    /** Ends all but the first, which has what the others had once they have said goodbye. */
    void end() {
        all.stream().skip(1).forEach(replica -> replica.process().stop(Duration.ofSeconds(20)));
    }
}
