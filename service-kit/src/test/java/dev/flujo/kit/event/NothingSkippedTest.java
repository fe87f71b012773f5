package dev.flujo.kit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class NothingSkippedTest {

    private static final Map<String, String> READERS = Map.of(
            "mp.messaging.incoming.runs.connector", "smallrye-kafka",
            "mp.messaging.incoming.runs.auto.offset.reset", "earliest",
            "mp.messaging.incoming.deploys.connector", "smallrye-kafka",
            "mp.messaging.incoming.deploys.auto.offset.reset", "earliest",
            "mp.messaging.outgoing.builds.connector", "smallrye-kafka");

    @Test
    void startsWhereEveryReaderBeginsWithTheEarliestRecord() {
        start(READERS);
    }

    @Test
    void refusesAReaderThatBeginsWithTheLatestRecord() {
        assertEquals(
                "Expected mp.messaging.incoming.deploys.auto.offset.reset as 'earliest', but found 'latest', with which events are"
                        + " skipped where Kafka has forgotten how far the service was; take the setting away",
                refused("latest"));
    }

    @Test
    void refusesAReaderThatDoesNotSayWhereItBeginsSinceThatIsTheLatest() {
        String refused = refused(null);

        assertEquals("nothing", refused.substring(refused.indexOf("found '") + 7, refused.indexOf("', with")));
    }

    private static String refused(String reset) {
        Map<String, String> settings = new HashMap<>(READERS);
        settings.remove("mp.messaging.incoming.deploys.auto.offset.reset");
        if (reset != null) {
            settings.put("mp.messaging.incoming.deploys.auto.offset.reset", reset);
        }
        return assertThrows(IllegalStateException.class, () -> start(settings)).getMessage();
    }

    private static void start(Map<String, String> settings) {
        Config config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
        new NothingSkipped().atStart(new StartupEvent(), config);
    }
}
