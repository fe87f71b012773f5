package dev.flujo.stack.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.trigger.EventWords;
import dev.flujo.core.trigger.Forecast;
import dev.flujo.core.trigger.JobForecast;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.event.plan.Plan;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Main;
import dev.flujo.stack.Rest;
import dev.flujo.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Says what an event would start, and which jobs would run or be skipped, and why. With an event nothing has to run; with a
 * project its events of the last days are asked of the stack.
 */
@Command(
        name = "plan",
        description = "Foresee what an event would start: ./flujo plan FILE push branch=main paths=src/A.java",
        mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "a pipeline file")
    private Path file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "EVENT", description = "such as push, tag or manual")
    private String kind;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "FIELD=VALUE",
            description = "what is known of the event, such as branch=main")
    private List<String> words = List.of();

    @Option(names = "--input", paramLabel = "NAME=VALUE", description = "an input that comes with the event")
    private Map<String, String> inputs = new LinkedHashMap<>();

    @Option(names = "--project", description = "the project whose events count, or that the event belongs to")
    private String project = "";

    @Option(names = "--days", description = "how many days of events count, up to 14", defaultValue = "7")
    private int days;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PipelineFile read = PipelineFile.read(file);
        if (read.reading() instanceof PlanReading.Refused refused) {
            refused.problems().forEach(problem -> out.println(file + ":" + problem));
            return 1;
        }
        if (kind != null) {
            Plan plan = ((PlanReading.Readable) read.reading()).plan();
            tell(out, forecast(plan));
        } else if (project.isEmpty()) {
            throw new StackException(
                    "Expected an event, such as push branch=main, or --project, but there is neither; name one");
        } else {
            tellStored(out, read);
        }
        return 0;
    }

    private Forecast forecast(Plan plan) {
        try {
            return Forecast.of(plan, project, EventWords.event(kind, words), inputs);
        } catch (EventWords.Refused e) {
            throw new StackException(e.getMessage(), e);
        }
    }

    private static void tell(PrintWriter out, Forecast forecast) {
        TriggerMatch match = forecast.match();
        if (match instanceof TriggerMatch.Filtered filtered) {
            out.println("Nothing starts, a required check passes: " + filtered.reason());
        } else if (match instanceof TriggerMatch.Refused refused) {
            out.println("Nothing starts: " + refused.reason());
        } else if (match instanceof TriggerMatch.Unconcerned) {
            out.println("Nothing starts: `on` does not wait for this event.");
        } else if (match instanceof TriggerMatch.Starts) {
            out.println("A run of " + forecast.pipeline() + " starts:");
            forecast.jobs().forEach(job -> out.println(line(job)));
        } else {
            throw new AssertionError("unhandled match " + match);
        }
    }

    private static String line(JobForecast job) {
        return line(job.id(), job.verdict().name().toLowerCase(Locale.ROOT), job.reason());
    }

    private static String line(String id, String verdict, String reason) {
        return String.format("  %-24s %-8s %s", id, verdict, reason);
    }

    private void tellStored(PrintWriter out, PipelineFile read) throws InterruptedException {
        LocalStack stack = Main.stack();
        Rest rest = new Rest(stack.url(), stack.adminToken());
        ObjectNode body = rest.mapper().createObjectNode();
        body.put("source", read.source());
        body.put("project", project);
        body.put("days", days);
        read.templates().forEach(body.putObject("templates")::put);
        try {
            JsonNode answer = rest.post("/api/v1/plan", body);
            answer.path("events").forEach(event -> tellStored(out, event));
            answer.path("unseen").forEach(reason -> out.println("Not looked at: " + reason.asText() + "."));
            if (!answer.path("complete").asBoolean()) {
                out.println("There are older events in these days that are not shown.");
            }
        } catch (IOException e) {
            throw new StackException("Expected Flujo at " + stack.url() + ", but " + e + "; ./flujo up starts it", e);
        }
    }

    private static void tellStored(PrintWriter out, JsonNode event) {
        JsonNode fields = event.path("event");
        out.println(event.path("at").asText() + " " + fields.path("kind").asText() + " "
                + fields.path("branch").asText() + " " + fields.path("commit").asText() + ": "
                + event.path("verdict").asText() + " " + event.path("reason").asText());
        event.path("jobs")
                .forEach(job -> out.println(line(
                        job.path("id").asText(),
                        job.path("verdict").asText(),
                        job.path("reason").asText())));
    }
}
