package dev.flujo.runner.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The addresses that are anybody's: none of the machine itself, of a network behind it, or set aside for other things. */
public final class PublicAddresses {

    private static final List<Range> OTHERS = List.of(
            Range.of("0.0.0.0", 8),
            Range.of("10.0.0.0", 8),
            Range.of("100.64.0.0", 10),
            Range.of("127.0.0.0", 8),
            Range.of("169.254.0.0", 16),
            Range.of("172.16.0.0", 12),
            Range.of("192.0.0.0", 24),
            Range.of("192.0.2.0", 24),
            Range.of("192.88.99.0", 24),
            Range.of("192.168.0.0", 16),
            Range.of("198.18.0.0", 15),
            Range.of("198.51.100.0", 24),
            Range.of("203.0.113.0", 24),
            Range.of("224.0.0.0", 3),
            Range.of("::", 8),
            Range.of("64:ff9b::", 32),
            Range.of("100::", 64),
            Range.of("2001::", 23),
            Range.of("2001:db8::", 32),
            Range.of("2002::", 16),
            Range.of("fc00::", 7),
            Range.of("fe80::", 9),
            Range.of("ff00::", 8));

    private PublicAddresses() {}

    public static boolean include(InetAddress address) {
        return OTHERS.stream().noneMatch(range -> range.holds(address.getAddress()));
    }

    /** All addresses that begin with the same bits. */
    private record Range(InetAddress base, int bits) {

        static Range of(String base, int bits) {
            try {
                return new Range(InetAddress.getByName(base), bits);
            } catch (UnknownHostException e) {
                throw new AssertionError("an address in digits needs no name server", e);
            }
        }

        boolean holds(byte[] address) {
            byte[] begin = base.getAddress();
            boolean same = address.length == begin.length;
            for (int bit = 0; same && bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                same = (address[bit / 8] & mask) == (begin[bit / 8] & mask);
            }
            return same;
        }
    }
}
