package dev.flujo.pipeline.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryAddressTest {

    @TempDir
    Path allowed;

    @Test
    void takesTheAddressesThatForgesOffer() {
        for (String address : List.of(
                "https://git.example.com/team/shop.git",
                "https://git.example.com:8443/shop",
                "ssh://git@git.example.com:2222/team/shop.git",
                "git@git.example.com:team/shop.git",
                "git://git.example.com/shop",
                "https://93.184.216.34/shop",
                "https://[2606:2800:220:1::1]/shop")) {
            assertEquals(Optional.empty(), RepositoryAddress.refusal(address, List.of()), address);
        }
    }

    @Test
    void refusesEverySpellingOfAnAddressInsideANetwork() {
        for (String host : List.of(
                "127.0.0.1",
                "127.1",
                "0",
                "0.0.0.0",
                "0177.0.0.1",
                "0x7f000001",
                "0x7f.1",
                "2130706433",
                "017700000001",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "169.254.169.254",
                "224.0.0.1",
                "255.255.255.255",
                "[::]",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "[fd00::1]",
                "[fe80::1]",
                "[fe80::1%25eth0]",
                "[ff02::1]",
                "localhost",
                "LOCALHOST",
                "x.localhost",
                "kafka.internal",
                "127.0.0.1.",
                "ⓛocalhost",
                "１２７.0.0.1")) {
            for (String address : List.of("https://" + host + "/x", "ssh://git@" + host + "/x", "git@" + host + ":x")) {
                assertTrue(RepositoryAddress.refusal(address, List.of()).isPresent(), address);
            }
        }
    }

    @Test
    void refusesWhatGitWouldRunOrMisread() {
        for (String address : List.of(
                "",
                "/etc",
                "./x",
                "-x",
                "--upload-pack=touch",
                "ext::sh -c touch",
                "file:///etc",
                "ftp://git.example.com/x",
                "http://git.example.com/x",
                "ssh://-oProxyCommand=x/y",
                "ssh://-x@git.example.com/y",
                "-x@git.example.com:y",
                "https://good@evil.example.com/",
                "https://git.example.com",
                "https://git.example.com/",
                "https://git.example.com/a b",
                "https://git.example.com/a\r\nHost: evil",
                "https://git.example.com/-x",
                "https://git.example.com/a/../../b",
                "https://git.example.com//a",
                "https://git.example.com:0/x",
                "https://git.example.com:65536/x",
                "https://git.example.com\\@127.0.0.1/x",
                "https://git.example.com/" + "x".repeat(1000))) {
            assertTrue(RepositoryAddress.refusal(address, List.of()).isPresent(), address);
        }
    }

    @Test
    void takesLocalRepositoriesBelowTheDirectoriesOfTheOperatorAlone() throws IOException {
        Path inside = Files.createDirectory(allowed.resolve("shop"));
        List<Path> directories = List.of(allowed);

        assertEquals(Optional.empty(), RepositoryAddress.refusal("file://" + inside, directories));
        assertTrue(RepositoryAddress.refusal("file://" + inside, List.of()).isPresent());
        for (String path : List.of(allowed + "/../x", allowed + "/shop/../../x", "/etc", allowed + "-other/x")) {
            assertTrue(RepositoryAddress.refusal("file://" + path, directories).isPresent(), path);
        }
    }
}
