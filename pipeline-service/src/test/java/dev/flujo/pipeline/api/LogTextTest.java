package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a job's output can reach the terminal or page of somebody who reads it. */
class LogTextTest {

    private static final String ESC = "\u001b";
    private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;:]*m");

    @ParameterizedTest
    @CsvSource({
        "plain text, plain text",
        "'a\tb', 'a\tb'",
        "<script>alert(1)</script>, <script>alert(1)</script>",
        "::set-env name=A::b, ::set-env name=A::b",
        "E[1;31mred E[0m, E[1;31mred E[0m",
        "E[38:2::255:0:0mred, E[38:2::255:0:0mred",
        "gone E[2AE[2K up, 'gone  up'",
        "E[?25lhidden E[6n, 'hidden '",
        "E]0;titleB text, ' text'",
        "E]8;;https://bad.exampleE\\link E]8;;E\\, 'link '",
        "E]52;c;Y3VybA==B paste, ' paste'",
        "open E]0;to the end, 'open '",
        "EPdeviceE\\ E_programE\\ E^messageE\\, '  '",
        "E(0box EcReset E7, 'box Reset '",
        "last E, 'last '",
        "last E[, 'last '"
    })
    void sequencesButColoursAreTakenOut(String line, String shown) {
        assertEquals(terminal(shown), LogText.harmless(terminal(line)));
    }

    @Test
    void whatIsNotSeenIsShownAsWhatItIs() {
        assertEquals("10%\u240d20%\u240d\u2400\u2407\u2408\u2421", LogText.harmless("10%\r20%\r\0\u0007\b\u007f"));
        assertEquals("if (admin) \\u202e \\u2066// no\\u2069", LogText.harmless("if (admin) \u202e \u2066// no\u2069"));
        assertEquals("one\\u2028two\\u0085three", LogText.harmless("one\u2028two\u0085three"));
        assertEquals("cursor", LogText.harmless("\u009b2Acursor\u009d0;title\u009c"));
    }

    @Test
    void nothingButColoursSteersATerminalWhateverIsPrinted() {
        Random random = new Random(20261129);
        String alphabet = ESC + ESC + "[]P\\;:0123mAKc?\u009b\u009d\u009c\u0007\r\0 x\u202e";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String rest = COLOUR.matcher(LogText.harmless(line.toString())).replaceAll("");
            assertFalse(
                    rest.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u202e'),
                    () -> "of " + line.toString().replace(ESC, "ESC"));
        }
    }

    /** Escapes and bells, which no source should have. */
    private static String terminal(String text) {
        return text.replace("E", ESC).replace("B", "\u0007");
    }
}
