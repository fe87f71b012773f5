package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Supplies.Checkout;
import dev.flujo.runner.egress.NameService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SubmodulesTest {

    @TempDir
    Path directory;

    private GitRepository shop;
    private GitRepository library;
    private GitCheckout checkout;
    private int workspaces;

    @BeforeEach
    void begin() throws Exception {
        shop = GitRepository.make(directory.resolve("repositories/shop"));
        library = GitRepository.make(directory.resolve("repositories/library"));
        checkout = new GitCheckout(
                List.of(directory.resolve("repositories")),
                Set.of(),
                NameService.OF_THIS_MACHINE,
                HostFiles.NONE,
                directory.resolve("home"),
                new Mirrors(directory.resolve("mirrors"), 1L << 30),
                new WorkspacesAhead(directory.resolve("ahead"), 0));
    }

    @Test
    void lieAtTheirCommitsAndThoseOfThemToo() throws Exception {
        GitRepository small = GitRepository.make(directory.resolve("repositories/small"));
        String old = small.commit("file", "old");
        small.commit("file", "new");
        String withSmall = link(library, "third party/small", "../small", old);
        String commit = link(shop, "library", library.url(), withSmall);
        library.commit("file", "later");

        Path workspace = checkOut(commit);

        assertEquals("nothing", Files.readString(workspace.resolve("library/file")));
        assertEquals("old", Files.readString(workspace.resolve("library/third party/small/file")));
        assertEquals("", GitRepository.gitIn(workspace, "status", "--porcelain"));
    }

    @Test
    void stayEmptyWhereNobodyAsksForThem() throws Exception {
        String commit = link(shop, "library", library.url(), library.git("rev-parse", "HEAD"));
        Path workspace = Files.createDirectories(directory.resolve("workspace"));

        checkout.checkOut(shop.url(), commit, Optional.of(new Checkout(false, true)), workspace, output(), () -> false);

        try (Stream<Path> files = Files.list(workspace.resolve("library"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void comeFromTheirMirrorsTheSecondTime() throws Exception {
        String commit = link(shop, "library", library.url(), library.git("rev-parse", "HEAD"));
        checkOut(commit);
        Files.move(library.path().resolve(".git"), library.path().resolve("gone"));

        assertEquals("nothing", Files.readString(checkOut(commit).resolve("library/file")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc",
                "ext::sh -c date",
                "http://example.org/library",
                "https://127.0.0.1/library",
                "/etc",
                "../../../../../../../../../../../../etc"
            })
    void comeOnlyFromWhereARepositoryMayComeFrom(String url) throws Exception {
        String commit = link(shop, "library", url, library.git("rev-parse", "HEAD"));

        CheckoutException refused = assertThrows(CheckoutException.class, () -> checkOut(commit));

        assertTrue(refused.getMessage().contains("ubmodule"), refused.getMessage());
        assertFalse(Files.exists(directory.resolve("workspace1/library/.git")));
    }

    @Test
    void whoseUrlIsAnOptionGitItselfRefuses() throws Exception {
        String commit = link(shop, "library", "--upload-pack=date", library.git("rev-parse", "HEAD"));

        assertThrows(CheckoutException.class, () -> checkOut(commit));

        assertTrue(Files.readString(output()).contains("gitmodulesUrl"), Files.readString(output()));
    }

    @Test
    void haveToBeNamedWhereGitLooksForTheirNames() throws Exception {
        link(shop, "library", "../library", library.git("rev-parse", "HEAD"));
        Files.writeString(
                shop.path().resolve(".gitmodules"), "[submodule \"other\"]\n\tpath = other\n\turl = ../library\n");
        shop.git("commit", "--quiet", "-m", "other", ".gitmodules");
        String commit = shop.git("rev-parse", "HEAD");

        CheckoutException refused = assertThrows(CheckoutException.class, () -> checkOut(commit));

        assertTrue(
                refused.getMessage().startsWith("Expected a URL for the submodule 'library' in .gitmodules"),
                refused.getMessage());
    }

    @Test
    void areNotFollowedForEver() throws Exception {
        String commit = shop.git("rev-parse", "HEAD");
        for (int depth = 0; depth < 11; depth++) {
            commit = link(shop, "self", "../shop", commit);
        }
        String last = commit;

        CheckoutException refused = assertThrows(CheckoutException.class, () -> checkOut(last));

        assertTrue(refused.getMessage().startsWith("Expected at most 200 submodules"), refused.getMessage());
    }

    private Path checkOut(String commit) throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("workspace" + ++workspaces));
        checkout.checkOut(shop.url(), commit, Optional.of(new Checkout(true, false)), workspace, output(), () -> false);
        return workspace;
    }

    private Path output() {
        return directory.resolve("output");
    }

    /** Commits a submodule; gives the commit. */
    private static String link(GitRepository to, String path, String url, String commit) throws Exception {
        Files.createDirectories(to.path().resolve(path));
        Files.writeString(
                to.path().resolve(".gitmodules"), "[submodule \"a.B\"]\n\tpath = " + path + "\n\turl = " + url + "\n");
        to.git("add", ".gitmodules");
        to.git("update-index", "--add", "--cacheinfo", "160000," + commit + "," + path);
        to.git("commit", "--quiet", "-m", "link");
        return to.git("rev-parse", "HEAD");
    }
}
