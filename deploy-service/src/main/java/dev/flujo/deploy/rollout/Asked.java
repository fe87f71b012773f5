package dev.flujo.deploy.rollout;

import dev.flujo.event.plan.Deploy.Analysis;
import java.util.ArrayList;
import java.util.List;

/** An analysis as it is asked of the versions in one site; its name says which, where it is asked in several. */
record Asked(Analysis analysis, Sides part) {

    /** What only the query tells apart: each site's cluster and namespace. */
    private static final List<String> SITE = List.of("$cluster", "$namespace");

    /** Each of a stage's analyses, in each site where its answer may be another one. */
    static List<Asked> of(Leg leg) {
        List<Asked> asked = new ArrayList<>();
        for (Analysis analysis : leg.stage().watch().analyses()) {
            List<Sides> parts = leg.parts().stream()
                    .filter(part -> part.old().isPresent() || !analysis.compare() || !leg.replaces())
                    .toList();
            if (leg.wave().isEmpty() || !bySite(analysis)) {
                asked.add(new Asked(analysis, parts.get(0)));
            } else {
                parts.forEach(part -> asked.add(new Asked(named(analysis, part), part)));
            }
        }
        return asked;
    }

    private static boolean bySite(Analysis analysis) {
        return analysis.prometheus()
                .map(query -> SITE.stream().anyMatch(query::contains))
                .orElse(true);
    }

    private static Analysis named(Analysis analysis, Sides part) {
        return new Analysis(
                analysis.name() + " in " + part.fresh().site().orElseThrow(),
                analysis.prometheus(),
                analysis.http(),
                analysis.requests(),
                analysis.job(),
                analysis.pass(),
                analysis.fail(),
                analysis.every(),
                analysis.failureLimit(),
                analysis.compare());
    }
}
