package dev.flujo.core.plan.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NumberPatternTest {

    @Test
    void matchesExactlyTheNumbersOfItsRange() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            int least = random.nextInt(1200);
            int most = least + random.nextInt(2000);
            Pattern pattern = Pattern.compile(NumberPattern.between(least, most));
            for (int number = 0; number < 3500; number++) {
                assertEquals(
                        number >= least && number <= most,
                        pattern.matcher(Integer.toString(number)).matches(),
                        number + " in " + least + " to " + most);
            }
            assertFalse(pattern.matcher("0" + (least + 1)).matches());
        }
    }

    @Test
    void saysTimesInEveryUnit() {
        Pattern pattern = Pattern.compile(TimeSpan.pattern(Duration.ofSeconds(1), Duration.ofHours(24)));

        for (String time : new String[] {"1s", "86400s", "1440m", "24h", "1d", "90m"}) {
            assertTrue(pattern.matcher(time).matches(), time);
        }
        for (String time : new String[] {"0s", "86401s", "1441m", "25h", "2d", "1w", "10", "010m"}) {
            assertFalse(pattern.matcher(time).matches(), time);
        }
    }
}
