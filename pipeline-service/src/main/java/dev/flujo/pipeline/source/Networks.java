package dev.flujo.pipeline.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The address ranges that nobody outside may make Flujo connect to. */
public final class Networks {

    private static final List<Network> FORBIDDEN = List.of(
            Network.of("0.0.0.0", 8),
            Network.of("10.0.0.0", 8),
            Network.of("100.64.0.0", 10),
            Network.of("127.0.0.0", 8),
            Network.of("169.254.0.0", 16),
            Network.of("172.16.0.0", 12),
            Network.of("192.0.0.0", 24),
            Network.of("192.0.2.0", 24),
            Network.of("192.88.99.0", 24),
            Network.of("192.168.0.0", 16),
            Network.of("198.18.0.0", 15),
            Network.of("198.51.100.0", 24),
            Network.of("203.0.113.0", 24),
            Network.of("224.0.0.0", 3),
            Network.of("::", 8),
            Network.of("64:ff9b::", 32),
            Network.of("100::", 64),
            Network.of("2001::", 23),
            Network.of("2001:db8::", 32),
            Network.of("2002::", 16),
            Network.of("fc00::", 7),
            Network.of("fe80::", 9),
            Network.of("ff00::", 8));

    private Networks() {}

    /** Whether the address is in one of them. */
    public static boolean forbidden(byte[] address) {
        return FORBIDDEN.stream().anyMatch(network -> network.holds(address));
    }

    private record Network(List<Byte> base, int bits) {

        static Network of(String base, int bits) {
            try {
                List<Byte> bytes = new ArrayList<>();
                for (byte each : InetAddress.getByName(base).getAddress()) {
                    bytes.add(each);
                }
                return new Network(List.copyOf(bytes), bits);
            } catch (UnknownHostException e) {
                throw new AssertionError("an address in digits needs no name server", e);
            }
        }

        boolean holds(byte[] address) {
            if (address.length != base.size()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (base.get(bit / 8) & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
