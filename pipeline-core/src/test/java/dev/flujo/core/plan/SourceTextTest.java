package dev.flujo.core.plan;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a file may not be made of: rows B03, B07, B48 and B49 of the list of bad inputs. */
class SourceTextTest {

    private static final String FILE = "name: shop\njobs: {build: {steps: [make]}}\n";

    @Test
    void skipsAByteOrderMarkAtTheStart() {
        assertEquals(PlanReader.read(FILE), PlanReader.read("\uFEFF" + FILE));
        assertEquals(PlanReader.read(FILE), PlanReader.read(("\uFEFF" + FILE).getBytes(UTF_8)));
    }

    @Test
    void refusesAByteOrderMarkAnywhereElse() {
        assertEquals(
                List.of("2:1 Expected text that a reviewer can see, but here is a byte order mark U+FEFF; remove it."),
                Readings.sentences(PlanReader.read("name: shop\n\uFEFFjobs: {}")));
    }

    @Test
    void refusesUtf16WithItsMark() {
        List<String> expected = List.of("1:1 Expected UTF-8, but the file is UTF-16; save it as UTF-8.");

        assertEquals(expected, Readings.sentences(PlanReader.read(("\uFEFF" + FILE).getBytes(UTF_16BE))));
        assertEquals(expected, Readings.sentences(PlanReader.read(("\uFEFF" + FILE).getBytes(UTF_16LE))));
    }

    @Test
    void refusesUtf16WithoutItsMark() {
        assertEquals(
                "1:2 Expected text that a reviewer can see, but here is the NUL character U+0000; if the file is "
                        + "UTF-16,"
                        + " save it as UTF-8.",
                Readings.sentences(PlanReader.read("name: shop".getBytes(UTF_16LE)))
                        .get(0));
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] latin = "name: shop\nenv: {A: b\u00e4}\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] surrogate = {'a', ':', ' ', (byte) 0xED, (byte) 0xA0, (byte) 0x80};
        byte[] overlong = {'a', ':', (byte) 0xC0, (byte) 0xAF};
        byte[] truncated = {'a', ':', (byte) 0xE2, (byte) 0x82};

        assertEquals(
                List.of("2:11 Expected UTF-8, but the byte 0xE4 is none; save the file as UTF-8."),
                Readings.sentences(PlanReader.read(latin)));
        assertEquals(
                List.of("1:4 Expected UTF-8, but the byte 0xED is none; save the file as UTF-8."),
                Readings.sentences(PlanReader.read(surrogate)));
        assertEquals(
                List.of("1:3 Expected UTF-8, but the byte 0xC0 is none; save the file as UTF-8."),
                Readings.sentences(PlanReader.read(overlong)));
        assertEquals(
                List.of("1:3 Expected UTF-8, but the byte 0xE2 is none; save the file as UTF-8."),
                Readings.sentences(PlanReader.read(truncated)));
    }

    @Test
    void refusesWhatNobodySeesWhereverItStandsAndAllOfItAtOnce() {
        String source = "# \u202E comment\nname: sh\u0000op\r\nenv: {A: \"\u0007\", B: '\u2066'}\rjobs: \u001B\uD800\n";

        assertEquals(
                List.of(
                        "1:3 Expected text that a reviewer can see, but here is the text direction control "
                                + "U+202E; remove"
                                + " it.",
                        "2:9 Expected text that a reviewer can see, but here is the NUL character U+0000; if the "
                                + "file is"
                                + " UTF-16, save it as UTF-8.",
                        "3:11 Expected text that a reviewer can see, but here is the control character U+0007; "
                                + "remove it.",
                        "3:19 Expected text that a reviewer can see, but here is the text direction control "
                                + "U+2066; remove"
                                + " it.",
                        "4:7 Expected text that a reviewer can see, but here is the control character U+001B; "
                                + "remove it.",
                        "4:8 Expected text that a reviewer can see, but here is half of a surrogate pair U+D800; remove"
                                + " it."),
                Readings.sentences(PlanReader.read(source)));
    }

    @Test
    void countsColumnsInCodePoints() {
        assertEquals(
                List.of("1:30 Expected a key of a step, but `x` is unknown; correct or remove it."),
                Readings.sentences(PlanReader.read("{jobs: {b: {steps: [{run: 😀, x: 1}]}}, name: shop}")));
    }

    @Test
    void showsHiddenCharactersOfNamesInsteadOfHidingThem() {
        assertEquals(
                "Expected a job's id of letters, digits, `_` and `-` that starts with a letter (at most 63), but it is"
                        + " `buiU+200Bld`; rename it. Did you mean `bui-ld`?",
                Readings.problems(PlanReader.read("name: shop\njobs: {bui\u200Bld: {steps: [make]}}"))
                        .get(0)
                        .sentence());
    }

    @Test
    void refusesMoreThan256KibibytesBeforeItParsesThem() {
        String most = FILE + "#".repeat(256 * 1024 - FILE.length());
        List<String> expected = List.of(
                "1:1 Expected at most 256 KiB, but the file is larger; move long scripts into the repository and "
                        + "call them.");

        assertEquals(PlanReader.read(FILE), PlanReader.read(most));
        assertEquals(expected, Readings.sentences(PlanReader.read(most + "#")));
        assertEquals(expected, Readings.sentences(PlanReader.read((most + "#").getBytes(UTF_8))));
        assertEquals(expected, Readings.sentences(PlanReader.read(FILE + "# " + "ä".repeat(128 * 1024))));
        assertEquals(expected, Readings.sentences(PlanReader.read("[".repeat(4 * 1024 * 1024))));
    }
}
