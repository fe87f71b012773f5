package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @Test
    void aPortThatWasGivenOutIsClaimedBeforeAnybodyListensThere() {
        int port = Await.freePort();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

        assertFalse(Await.listening(port));
        assertThrows(SocketException.class, () -> new DatagramSocket(address).close());
    }
}
