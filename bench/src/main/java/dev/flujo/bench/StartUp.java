package dev.flujo.bench;

import dev.flujo.stack.Checkout;
import dev.flujo.stack.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code ./flujo up} as a user types it, on built code: the first time, with nothing there, and after a {@code down}. */
final class StartUp {

    private final Path home;
    private final Path script = Checkout.find().root().resolve("flujo");
    private final Ports ports = Ports.free();

    StartUp(Path home) {
        this.home = home;
    }

    List<Figure> measure() throws IOException, InterruptedException {
        flujo("up");
        flujo("down");
        flujo("up");
        flujo("down");
        double first = flujoIn("first", "up");
        flujoIn("first", "down");
        double again = flujoIn("first", "up");
        double down = flujoIn("first", "down");
        return List.of(
                Figure.atMost("./flujo up on built code and empty data, ready after", first, "s", 25),
                Figure.shown("./flujo up after a down, ready after", again, "s"),
                Figure.shown("./flujo down", down, "s"));
    }

    private double flujo(String command) throws IOException, InterruptedException {
        return flujoIn("warm-up", command);
    }

    private double flujoIn(String name, String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("FLUJO_HOME", home.resolve(name).toString());
        ports.byName().forEach((member, port) -> builder.environment()
                .put("FLUJO_PORT_" + member.toUpperCase(Locale.ROOT).replace('-', '_'), Integer.toString(port)));
        long began = System.nanoTime();
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("Expected ./flujo " + command + " to succeed, but it ended with " + code);
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
