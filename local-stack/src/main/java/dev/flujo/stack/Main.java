package dev.flujo.stack;

import dev.flujo.stack.demo.DemoCommand;
import dev.flujo.stack.file.ImportCommand;
import dev.flujo.stack.file.LintCommand;
import dev.flujo.stack.file.PlanCommand;
import dev.flujo.stack.provenance.VerifyCommand;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands of {@code ./flujo}. */
@Command(
        name = "flujo",
        description = "Flujo on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {DemoCommand.class, LintCommand.class, PlanCommand.class, ImportCommand.class, VerifyCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    public static void main(String[] arguments) {
        CommandLine commands = new CommandLine(new Main());
        commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof StackException) {
                System.err.println(failure.getMessage());
            } else {
                System.err.println("Flujo itself failed, which it should not; report it with all of this:");
                failure.printStackTrace(System.err);
            }
            return 1;
        });
        System.exit(commands.execute(arguments));
    }

    @Command(description = "Start everything that does not run yet, and wait until it is ready.")
    int up() {
        LocalStack stack = stack();
        start(stack);
        System.out.println();
        System.out.println("Flujo is up at " + stack.url());
        System.out.println("  token of the first administrator: " + stack.home().resolve("secrets/bootstrap-token"));
        System.out.println("  ./flujo status, ./flujo logs SERVICE, ./flujo down");
        return 0;
    }

    @Command(description = "End everything, also what a crash has left behind.")
    int down() {
        Terminal terminal = new Terminal(System.out);
        stack().stop(terminal);
        terminal.line("Flujo is down; its data stay in " + home());
        return 0;
    }

    @Command(description = "Show what runs.")
    int status() {
        boolean all = true;
        boolean crashed = false;
        LocalStack stack = stack();
        System.out.printf("%-18s %-9s %-8s %-7s %s%n", "member", "state", "pid", "port", "memory");
        for (ServerProcess member : stack.members()) {
            String state = state(stack, member);
            all &= state.equals("ready");
            crashed |= state.equals("crashed");
            System.out.printf(
                    "%-18s %-9s %-8s %-7d %s%n",
                    member.name(),
                    state,
                    member.process().map(handle -> Long.toString(handle.pid())).orElse("-"),
                    stack.ports().of(member.name()),
                    member.process()
                            .map(handle -> Memory.resident(handle.pid()))
                            .orElse("-"));
        }
        if (crashed) {
            System.out.println("./flujo logs SERVICE shows how a crashed one ended, ./flujo up starts it again");
        }
        return all ? 0 : 1;
    }

    @Command(description = "Show the log of a member.")
    int logs(
            @Parameters(paramLabel = "SERVICE", description = "such as pipeline-service or kafka") String service,
            @CommandLine.Option(names = "-n", description = "how many of the last lines", defaultValue = "100")
                    int lines) {
        ServerProcess member = stack().members().stream()
                .filter(candidate -> candidate.name().equals(service))
                .findFirst()
                .orElseThrow(() -> new StackException("Expected one of kafka, cassandra, "
                        + String.join(", ", LocalStack.SERVICES) + ", but found '" + service + "'"));
        if (!member.logged()) {
            throw new StackException("Expected a log of " + service + " in " + member.log()
                    + ", but it was never started; ./flujo up starts it");
        }
        System.out.println(member.lastLines(lines));
        return 0;
    }

    /** The stack of this checkout. */
    public static LocalStack stack() {
        return new LocalStack(Checkout.find(), home(), Ports.configured(settings(), System.getenv()), Map.of());
    }

    /** Starts the stack, with progress on the terminal, unless something stands in the way. */
    public static void start(LocalStack stack) {
        Obstacles.check(stack);
        stack.start(new Terminal(System.out));
    }

    private static String state(LocalStack stack, ServerProcess member) {
        if (!member.alive()) {
            return member.crashed() ? "crashed" : "stopped";
        }
        ServiceMember service = stack.service(member.name());
        boolean ready = service == null ? Await.listening(stack.ports().of(member.name())) : service.ready();
        return ready ? "ready" : "not ready";
    }

    private static Path home() {
        String named = System.getenv("FLUJO_HOME");
        return named == null || named.isEmpty()
                ? Checkout.find().root().resolve(".flujo")
                : Path.of(named).toAbsolutePath();
    }

    private static Properties settings() {
        Properties properties = new Properties();
        Path file = home().resolve("flujo.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new StackException("Expected to read " + file + ", but " + e.getMessage(), e);
            }
        }
        return properties;
    }
}
