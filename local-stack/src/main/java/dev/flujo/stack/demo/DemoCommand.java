package dev.flujo.stack.demo;

import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Main;
import dev.flujo.stack.Rest;
import dev.flujo.stack.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Starts the stack, sends three commits of a web shop through it, and says whether all went as it should. */
@Command(
        name = "demo",
        description = "Show a change go from commit to a running application, three times.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException {
        LocalStack stack = Main.stack();
        Main.start(stack);
        try {
            tell(stack);
            return 0;
        } catch (IOException e) {
            throw broken(e);
        } catch (UncheckedIOException e) {
            throw broken(e.getCause());
        }
    }

    private static void tell(LocalStack stack) throws IOException, InterruptedException {
        Screen screen = Screen.of(System.out, System.getenv());
        Rest rest = new Rest(stack.url(), stack.adminToken());
        ShopRepository repository =
                ShopRepository.create(Checkout.find().root(), stack.home().resolve("demo"));
        GitHub gitHub = new GitHub(rest, stack.webhookSecret());
        Story story = new Story(screen, rest, repository, gitHub);
        new Ending(screen, rest, stack).tell(story.tell());
    }

    private static StackException broken(IOException cause) {
        return new StackException("Expected the demo to go on, but " + cause + "; see ./flujo status", cause);
    }
}
