package dev.flujo.runner.egress;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    private final AllowedHosts hosts =
            AllowedHosts.of("the setting", List.of("repo.example.org", " *.cdn.example.org", "git.example.org:8443"));

    @Test
    void allowTheNamesThatAreSaidAtThePortsOfTheWeb() {
        assertTrue(hosts.allow("repo.example.org", 443));
        assertTrue(hosts.allow("REPO.example.org", 80));
        assertFalse(hosts.allow("repo.example.org", 22));
        assertFalse(hosts.allow("example.org", 443));
        assertFalse(hosts.allow("a.repo.example.org", 443));
        assertFalse(hosts.allow("repo.example.org.evil.example", 443));
    }

    @Test
    void allowAllNamesBelowOneButNotThatOne() {
        assertTrue(hosts.allow("a.b.cdn.example.org", 443));
        assertFalse(hosts.allow("cdn.example.org", 443));
        assertFalse(hosts.allow("evilcdn.example.org", 443));
    }

    @Test
    void allowOnlyThePortThatIsSaid() {
        assertTrue(hosts.allow("git.example.org", 8443));
        assertFalse(hosts.allow("git.example.org", 443));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "*.*.example.org", "a b", "https://example.org", "example.org/x", "example.org:0", "-a"
            })
    void refusesWhatIsNoHost(String text) {
        assertThrows(IllegalArgumentException.class, () -> AllowedHosts.of("the setting", List.of(text)));
    }
}
