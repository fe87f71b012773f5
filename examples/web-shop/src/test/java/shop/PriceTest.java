package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PriceTest {

    @Test
    void oneBookCostsItsPrice() {
        assertEquals(new BigDecimal("19.90"), Price.of(1));
    }

    @Test
    void nineBooksCostNineTimesAsMuch() {
        assertEquals(new BigDecimal("179.10"), Price.of(9));
    }

    @Test
    void tenBooksAreATenthCheaper() {
        assertEquals(new BigDecimal("179.10"), Price.of(10));
    }

    @Test
    void noBooksHaveNoPrice() {
        assertThrows(IllegalArgumentException.class, () -> Price.of(0));
    }
}
