package dev.flujo.kit.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void namesThePlaceWhateverTextsItIsMadeOf() {
        List<String> place = List.of("a&b", "line\nbreak", "", "%41 +ü\0");

        String cursor = Cursor.of("tests", place.toArray(String[]::new));

        assertEquals(Optional.of(place), Cursor.place("tests", cursor, Function.identity()));
    }

    @Test
    void thereIsNoPlaceWithoutACursor() {
        assertEquals(Optional.empty(), Cursor.place("tests", null, Function.identity()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesWhatNoPageHasGiven(String cursor) {
        assertRefused("runs", cursor, Function.identity());
    }

    @Test
    void refusesTheCursorOfAnotherList() {
        assertRefused("runs of ben", Cursor.of("runs of ana", "1"), Function.identity());
    }

    @Test
    void refusesAPlaceThatIsNoneOfTheList() {
        assertRefused("runs", Cursor.of("runs", "tomorrow"), place -> Instant.parse(place.get(0)));
        assertRefused("runs", Cursor.of("runs", "1"), place -> place.get(1));
    }

    private static void assertRefused(String list, String cursor, Function<List<String>, ?> read) {
        Problem refused = assertThrows(Problem.class, () -> Cursor.place(list, cursor, read));
        assertEquals(CommonProblem.BAD_REQUEST, refused.kind());
    }
}
