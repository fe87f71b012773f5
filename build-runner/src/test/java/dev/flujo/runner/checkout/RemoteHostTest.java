package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteHostTest {

    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();

    @Test
    void isLookedUpOnceAndGitIsToldWhatCameOfIt() throws Exception {
        answers.add("93.184.216.34");
        answers.add("10.0.0.1");

        RemoteHost host = of("https://rebinding.example/shop.git");

        assertEquals(List.of("-c", "http.curloptResolve=rebinding.example:443:93.184.216.34"), host.options());
        assertEquals(List.of("rebinding.example"), asked);
    }

    @Test
    void tellsSshTheAddressAndTheNameOfTheKey() throws Exception {
        answers.add("93.184.216.34");

        assertEquals(
                " -oHostName=93.184.216.34 -oHostKeyAlias=forge.example -oCheckHostIP=no",
                of("ssh://git@forge.example:2222/shop.git").sshOptions());
    }

    @Test
    void namesAllAddresses() throws Exception {
        answers.add("93.184.216.34 2606:2800:220:1:248:1893:25c8:1946");

        assertEquals(
                "http.curloptResolve=forge.example:8443:93.184.216.34,[2606:2800:220:1:248:1893:25c8:1946]",
                of("https://forge.example:8443/x").options().get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "::ffff:127.0.0.1"
            })
    void refusesAHostWithOneAddressThatIsNotPublic(String address) {
        answers.add("93.184.216.34 " + address);

        CheckoutException refused = assertThrows(CheckoutException.class, () -> of("https://rebinding.example/x"));

        assertTrue(refused.getMessage().contains("flujo.runner.private-hosts"), refused.getMessage());
    }

    @Test
    void letsAHostBePrivateThatIsNamedAsOne() throws Exception {
        answers.add("10.1.2.3");

        assertEquals(
                "http.curloptResolve=forge.internal:443:10.1.2.3",
                of("https://forge.internal/x").options().get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0177.0.0.1",
                "0x7f000001",
                "2130706433",
                "127.1",
                "0",
                "a..b",
                "-x",
                "x-",
                "a_b",
                "%31",
                "127.0.0.1."
            })
    void refusesOtherWritingsOfHosts(String host) {
        assertThrows(CheckoutException.class, () -> of("https://" + host + "/x"));
        assertEquals(List.of(), asked);
    }

    @Test
    void saysThatAHostHasNoAddress() {
        CheckoutException refused = assertThrows(CheckoutException.class, () -> of("https://nobody.example/x"));

        assertTrue(refused.getMessage().contains("nobody.example"), refused.getMessage());
    }

    private RemoteHost of(String url) throws CheckoutException {
        return RemoteHost.of(url, this::addresses, Set.of("forge.internal"));
    }

    private List<InetAddress> addresses(String host) throws UnknownHostException {
        asked.add(host);
        if (answers.isEmpty()) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> found = new ArrayList<>();
        for (String answer : answers.poll().split(" ", -1)) {
            found.add(InetAddress.getByName(answer));
        }
        return found;
    }
}
