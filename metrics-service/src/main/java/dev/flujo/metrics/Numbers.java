package dev.flujo.metrics;

import dev.flujo.event.Envelope;
import dev.flujo.metrics.DeployFacts.Place;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Every number, computed from the facts when it is asked for. Only runs that cannot change any more are remembered. */
@ApplicationScoped
public class Numbers {

    /** How far behind a window's end facts are read: a deployment of its last day may fail or recover later. */
    private static final int LOOK_AHEAD_DAYS = 31;

    private final Facts facts;
    private final MetricsConfig config;
    private final Rules rules;
    private final Map<UUID, RunTimeline> settled;

    Numbers(Facts facts, MetricsConfig config) {
        this.facts = facts;
        this.config = config;
        this.rules = config.rules();
        this.settled = Collections.synchronizedMap(new Remembered(config.keptRuns()));
    }

    /** The keys of a project's pipelines and environments that match; of exactly one place also if it is unknown. */
    public List<Dora> dora(String project, Optional<String> pipeline, Optional<String> environment, Window window) {
        DeployFacts known = DeployFacts.of(deployEvents(project, window));
        Set<Place> places = new TreeSet<>(known.places());
        if (pipeline.isPresent() && environment.isPresent()) {
            places.add(new Place(pipeline.get(), environment.get()));
        }
        return places.stream()
                .filter(place -> pipeline.map(place.pipeline()::equals).orElse(true))
                .filter(place -> environment.map(place.environment()::equals).orElse(true))
                .map(place -> Dora.of(known, place, window, rules))
                .toList();
    }

    /** The events that deployments, incidents and rollbacks around the window are known from. */
    public List<Envelope> deployEvents(String project, Window window) {
        return facts.deployFacts(project, window.widened(config.lookBackDays(), LOOK_AHEAD_DAYS));
    }

    /** The phases of a project's pipelines that match, in the order of names. */
    public List<TimeToMarket> timeToMarket(String project, Optional<String> pipeline, Window window) {
        Map<String, List<RunTimeline>> byPipeline = new TreeMap<>();
        pipeline.ifPresent(name -> byPipeline.put(name, new ArrayList<>()));
        for (RunTimeline timeline : timelines(project, pipeline, window)) {
            byPipeline
                    .computeIfAbsent(timeline.pipeline(), name -> new ArrayList<>())
                    .add(timeline);
        }
        return byPipeline.entrySet().stream()
                .map(runs -> TimeToMarket.of(runs.getKey(), runs.getValue()))
                .toList();
    }

    /** The runs of a project that were received in the window, in that order. */
    public List<RunTimeline> timelines(String project, Optional<String> pipeline, Window window) {
        List<UUID> runs = facts.entries(project, window).stream()
                .filter(entry -> pipeline.map(entry.pipeline()::equals).orElse(true))
                .map(Fact.Entry::run)
                .distinct()
                .toList();
        Map<UUID, RunTimeline> known = new LinkedHashMap<>();
        runs.forEach(run -> Optional.ofNullable(settled.get(run)).ifPresent(timeline -> known.put(run, timeline)));
        List<UUID> missing =
                runs.stream().filter(run -> !known.containsKey(run)).toList();
        for (List<Envelope> events : facts.runs(missing)) {
            timeline(events).ifPresent(timeline -> known.put(timeline.id(), timeline));
        }
        return runs.stream().filter(known::containsKey).map(known::get).collect(Collectors.toList());
    }

    /** Forgets what is remembered; the facts have been emptied. */
    public void forget() {
        settled.clear();
    }

    /** The definitions that the numbers follow. */
    public Rules rules() {
        return rules;
    }

    private Optional<RunTimeline> timeline(List<Envelope> events) {
        Optional<RunTimeline> timeline = RunHistory.of(events, rules);
        timeline.filter(RunTimeline::settled).ifPresent(run -> settled.put(run.id(), run));
        return timeline;
    }

    /** The runs that were asked for last, up to a number. */
    private static final class Remembered extends LinkedHashMap<UUID, RunTimeline> {

        private final int most;

        Remembered(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, RunTimeline> eldest) {
            return size() > most;
        }
    }
}
