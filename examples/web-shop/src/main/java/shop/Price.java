package shop;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a number of books costs: from ten on they are a tenth cheaper. */
public final class Price {

    private static final BigDecimal BOOK = new BigDecimal("19.90");
    private static final BigDecimal REDUCED = new BigDecimal("0.9");
    private static final int MANY = 10;

    private Price() {}

    /** The price of that many books together. */
    public static BigDecimal of(int books) {
        if (books < 1) {
            throw new IllegalArgumentException("Expected at least one book, but found " + books);
        }
        BigDecimal full = BOOK.multiply(BigDecimal.valueOf(books));
        BigDecimal price = books >= MANY ? full.multiply(REDUCED) : full;
        return price.setScale(2, RoundingMode.HALF_UP);
    }
}
