package dev.flujo.core.plan.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The characters of a file, before anything is parsed: not too many, UTF-8, and none of those that hide. */
final class SourceText {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Problems problems;

    SourceText(Problems problems) {
        this.problems = problems;
    }

    Optional<String> read(byte[] source) {
        if (source.length > FileLimits.SOURCE_BYTES) {
            return tooLarge();
        }
        if (startsWith(source, 0xFE, 0xFF) || startsWith(source, 0xFF, 0xFE)) {
            return refused(Place.START, "Expected UTF-8, but the file is UTF-16; save it as UTF-8.");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(source);
        CharBuffer characters = CharBuffer.allocate(source.length);
        CoderResult result = decoder.decode(bytes, characters, true);
        String text = characters.flip().toString();
        if (result.isError()) {
            int wrong = Byte.toUnsignedInt(source[bytes.position()]);
            return refused(
                    end(text),
                    String.format("Expected UTF-8, but the byte 0x%02X is none; save the file as UTF-8.", wrong));
        }
        return read(text);
    }

    Optional<String> read(String source) {
        if (source.length() > FileLimits.SOURCE_BYTES || utf8Length(source) > FileLimits.SOURCE_BYTES) {
            return tooLarge();
        }
        String text = !source.isEmpty() && source.charAt(0) == BYTE_ORDER_MARK ? source.substring(1) : source;
        Place place = Place.START;
        boolean clean = true;
        int before = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (Characters.refused(c)) {
                clean = false;
                problems.add(place, Path.ROOT, unexpected(c));
            }
            place = after(place, before, c);
            before = c;
            i += Character.charCount(c);
        }
        return clean ? Optional.of(text) : Optional.empty();
    }

    private static String unexpected(int c) {
        String rest = c == 0 ? "; if the file is UTF-16, save it as UTF-8." : "; remove it.";
        return "Expected text that a reviewer can see, but here is " + Characters.described(c) + rest;
    }

    private Optional<String> tooLarge() {
        return refused(
                Place.START,
                "Expected at most " + FileLimits.SOURCE_BYTES / 1024
                        + " KiB, but the file is larger; move long scripts into the repository and call them.");
    }

    private Optional<String> refused(Place place, String message) {
        problems.add(place, Path.ROOT, message);
        return Optional.empty();
    }

    private static boolean startsWith(byte[] source, int first, int second) {
        return source.length >= 2 && Byte.toUnsignedInt(source[0]) == first && Byte.toUnsignedInt(source[1]) == second;
    }

    private static Place end(String text) {
        Place place = Place.START;
        int before = 0;
        for (int c : text.codePoints().toArray()) {
            place = after(place, before, c);
            before = c;
        }
        return place;
    }

    private static Place after(Place place, int before, int c) {
        if (c == '\n' && before == '\r') {
            return place;
        }
        return c == '\n' || c == '\r' ? new Place(place.line() + 1, 1) : new Place(place.line(), place.column() + 1);
    }

    private static int utf8Length(String text) {
        return text.codePoints()
                .map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }
}
