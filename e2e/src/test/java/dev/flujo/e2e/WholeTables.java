package dev.flujo.e2e;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.flujo.stack.CassandraServer;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Sessions in which whole tables are read, and emptied, while others keep the processors busy. */
final class WholeTables {

    private static final int ROWS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private WholeTables() {}

    static CqlSession open(CassandraServer cassandra) {
        String contact = cassandra.contactPoint();
        int colon = contact.lastIndexOf(':');
        return CqlSession.builder()
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                        .withInt(DefaultDriverOption.REQUEST_PAGE_SIZE, ROWS)
                        .build())
                .addContactPoint(new InetSocketAddress(
                        contact.substring(0, colon), Integer.parseInt(contact.substring(colon + 1))))
                .withLocalDatacenter(cassandra.datacenter())
                .build();
    }
}
