package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServerChoiceTest {

    private static final ServerChoice.Images NOWHERE =
            new ServerChoice.Images("flujo-test/no-such-kafka:1", "flujo-test/no-such-cassandra:1", false);

    @Test
    void embeddedServersAreTakenWhereTheyAreWanted() {
        assertEquals(new ServerChoice(false, "flujo.test.servers says so"), ServerChoice.make("embedded", NOWHERE));
    }

    @Test
    void embeddedServersAreTakenWhereImagesAreMissingAndTheLineSaysWhy() {
        ServerChoice choice = ServerChoice.make("auto", NOWHERE);

        assertFalse(choice.containers());
        assertTrue(choice.line().startsWith("Kafka and Cassandra for tests: embedded, since "), choice.line());
    }

    @Test
    void containersThatAreWantedAndCannotBeAreAnError() {
        StackException error = assertThrows(StackException.class, () -> ServerChoice.make("containers", NOWHERE));

        assertTrue(error.getMessage().startsWith("Expected to test with containers, but "), error.getMessage());
    }

    @Test
    void anUnknownChoiceIsAnError() {
        assertThrows(StackException.class, () -> ServerChoice.make("both", NOWHERE));
    }
}
