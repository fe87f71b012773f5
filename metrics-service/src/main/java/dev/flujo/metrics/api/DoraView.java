package dev.flujo.metrics.api;

import dev.flujo.metrics.DeployFacts.Place;
import dev.flujo.metrics.Dora;
import dev.flujo.metrics.Measure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** DORA's five keys of a project, per pipeline and environment. */
public record DoraView(
        String project, WindowView window, boolean rebuilding, List<PlaceView> environments, Optional<String> reason) {

    /** How many ids stand in an answer; the rest is behind its link. */
    static final int MOST_IDS = 100;

    /** The five keys of one pipeline in one environment. */
    public record PlaceView(String pipeline, String environment, String tier, Map<String, KeyView> keys) {}

    /** One number: what it is, what it means, of what it is made; without a value the reason. */
    public record KeyView(
            Optional<Double> value,
            String unit,
            String definition,
            Optional<String> reason,
            Map<String, Object> details,
            Receipts receipts) {}

    /** What a number follows from. {@code complete} says whether all ids stand here; all events are behind the link. */
    public record Receipts(List<UUID> deployments, List<String> events, boolean complete, String href) {}

    static DoraView of(String project, WindowView window, boolean rebuilding, List<Dora> places) {
        Optional<String> reason = places.isEmpty()
                ? Optional.of("no deployment of this project that matches is known here")
                : Optional.empty();
        return new DoraView(
                project,
                window,
                rebuilding,
                places.stream().map(dora -> place(project, window, dora)).toList(),
                reason);
    }

    private static PlaceView place(String project, WindowView window, Dora dora) {
        Map<String, KeyView> keys = new LinkedHashMap<>();
        for (Measure measure : dora.measures()) {
            keys.put(
                    measure.key().label(),
                    new KeyView(
                            measure.value(),
                            measure.key().unit(),
                            measure.key().definition(),
                            measure.reason(),
                            measure.details(),
                            receipts(project, window, dora.place(), measure)));
        }
        return new PlaceView(dora.place().pipeline(), dora.place().environment(), dora.tier(), keys);
    }

    private static Receipts receipts(String project, WindowView window, Place place, Measure measure) {
        String href = "/api/v1/metrics/dora/events?project=" + encoded(project) + "&pipeline="
                + encoded(place.pipeline()) + "&environment=" + encoded(place.environment()) + "&days="
                + window.days() + "&until=" + window.to() + "&key="
                + measure.key().label();
        return new Receipts(
                measure.deployments().stream().limit(MOST_IDS).toList(),
                measure.events().stream().limit(MOST_IDS).toList(),
                measure.deployments().size() <= MOST_IDS && measure.events().size() <= MOST_IDS,
                href);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
