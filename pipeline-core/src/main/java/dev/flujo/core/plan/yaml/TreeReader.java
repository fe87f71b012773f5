package dev.flujo.core.plan.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.SpecVersion;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Turns a text into nodes from the parser's events, with a stack of its own instead of recursion. What of YAML would be
 * misread is a problem; the rest of the file is read on, so that its other problems are found too.
 */
final class TreeReader {

    private final Problems problems;
    private final Deque<OpenNode> open = new ArrayDeque<>();
    private Node root;
    private boolean stopped;

    TreeReader(Problems problems) {
        this.problems = problems;
    }

    /** The file's only document; empty when it cannot be read to its end, and then there is a problem. */
    Optional<Node> read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new FailsafeSchema())
                .setCodePointLimit(FileLimits.SOURCE_BYTES + 1)
                .build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                accept(event);
                if (stopped) {
                    return Optional.empty();
                }
            }
        } catch (MarkedYamlEngineException e) {
            new Syntax(text, problems).explain(e);
            return Optional.empty();
        } catch (YamlVersionException e) {
            SpecVersion version = e.getSpecVersion();
            refuseVersion(Place.START, version);
            return Optional.empty();
        } catch (YamlEngineException e) {
            problems.add(Place.START, Path.ROOT, "Expected YAML 1.2, but " + Quote.visible(e.getMessage()) + ".");
            return Optional.empty();
        }
        return documentIn(root);
    }

    private Optional<Node> documentIn(Node node) {
        if (node == null || (node instanceof Node.Scalar scalar && scalar.absent())) {
            problems.add(
                    Place.START,
                    Path.ROOT,
                    "Expected a pipeline, but the file is empty; give it at least a `name` and `jobs`.");
            return Optional.empty();
        }
        return Optional.of(node);
    }

    private void accept(Event event) {
        Place place = event.getStartMark().map(Place::of).orElse(Place.START);
        if (event instanceof DocumentStartEvent start) {
            startDocument(start, place);
        } else if (event instanceof AliasEvent alias) {
            refuseAlias(alias, place);
        } else if (event instanceof ScalarEvent scalar) {
            checkProperties(scalar, scalar.getTag(), place);
            attach(scalar(scalar, place));
        } else if (event instanceof CollectionStartEvent start) {
            checkProperties(start, start.getTag(), place);
            enter(start instanceof MappingStartEvent, place);
        } else if (event instanceof CollectionEndEvent) {
            attach(open.pop().node());
        }
    }

    private void startDocument(DocumentStartEvent start, Place place) {
        if (root != null) {
            problems.add(
                    place,
                    Path.ROOT,
                    "Expected one document, but here starts a second one; put each pipeline into a file of its own.");
            stopped = true;
        }
        start.getSpecVersion()
                .filter(version -> version.getMajor() != 1 || version.getMinor() != 2)
                .ifPresent(version -> refuseVersion(place, version));
        if (!start.getTags().isEmpty()) {
            problems.add(place, Path.ROOT, "Expected plain YAML, but there is a %TAG directive; remove it.");
        }
    }

    private void refuseVersion(Place place, SpecVersion version) {
        problems.add(
                place,
                Path.ROOT,
                "Expected YAML 1.2, but the file declares YAML " + version.getMajor() + "." + version.getMinor()
                        + "; remove the %YAML line.");
    }

    private void refuseAlias(AliasEvent alias, Place place) {
        problems.add(
                place,
                nextPath(),
                "Expected the value itself, but "
                        + Quote.of("*" + alias.getAlias().getValue()) + " is an alias; repeat the value here.");
        attach(new Node.Unreadable(place, nextPath()));
    }

    private void checkProperties(NodeEvent node, Optional<String> tag, Place place) {
        node.getAnchor()
                .ifPresent(anchor -> problems.add(
                        place,
                        nextPath(),
                        "Expected a value without an anchor, but it has " + Quote.of("&" + anchor.getValue())
                                + "; remove it."));
        tag.ifPresent(name -> problems.add(
                place,
                nextPath(),
                "Expected a value without a tag, but it has " + Quote.of("!<" + name + ">")
                        + "; remove it, every value is text."));
    }

    private Node scalar(ScalarEvent event, Place place) {
        String text = event.getValue();
        Path path = nextPath(text);
        var refused = Characters.firstRefused(text);
        if (refused.isPresent()) {
            problems.add(
                    place,
                    path,
                    "Expected text that a reviewer can see, but an escape stands for "
                            + Characters.described(refused.getAsInt()) + "; remove it.");
            return new Node.Unreadable(place, path);
        }
        if (event.isPlain() && spansLines(event)) {
            problems.add(
                    place,
                    path,
                    "Expected the value on one line, but it goes on in the next; indent the next line as a key, or"
                            + " write `|` here for a text of several lines.");
            return new Node.Unreadable(place, path);
        }
        return new Node.Scalar(place, path, text, event.isPlain());
    }

    private static boolean spansLines(ScalarEvent event) {
        return event.getStartMark().isPresent()
                && event.getEndMark().isPresent()
                && event.getStartMark().get().getLine()
                        != event.getEndMark().get().getLine();
    }

    private void enter(boolean mapping, Place place) {
        if (open.size() >= FileLimits.DEPTH) {
            problems.add(
                    place,
                    nextPath(),
                    "Expected at most " + FileLimits.DEPTH
                            + " levels of nesting, but there are more; flatten the file.");
            stopped = true;
            return;
        }
        open.push(new OpenNode(mapping, place, nextPath(), problems));
    }

    private void attach(Node node) {
        if (open.isEmpty()) {
            root = node;
        } else {
            open.peek().add(node);
        }
    }

    /** Of the node that comes next, if it is no readable key. */
    private Path nextPath() {
        return open.isEmpty() ? Path.ROOT : open.peek().nextPath();
    }

    /** Of the scalar that comes next; a key leads to its own value. */
    private Path nextPath(String text) {
        return open.isEmpty() ? Path.ROOT : open.peek().nextPath(text);
    }
}
