package dev.flujo.runner.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Says which addresses a host has; it may say something else the next time. */
@FunctionalInterface
public interface NameService {

    /** That of the machine. */
    NameService OF_THIS_MACHINE = host -> List.of(InetAddress.getAllByName(host));

    /** All addresses of the host. */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
