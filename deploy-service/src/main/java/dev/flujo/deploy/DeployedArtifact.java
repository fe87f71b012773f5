package dev.flujo.deploy;

import dev.flujo.event.PackageUrl;
import dev.flujo.event.Work;

/** How events name what a deployment brings: its first artifact by digest, or the commit where there is none. */
final class DeployedArtifact {

    private DeployedArtifact() {}

    static String of(Work work) {
        String environment = Environment.of(work).name();
        return work.artifacts().isEmpty()
                ? PackageUrl.generic(
                        work.project(), environment, work.revision().commit().orElse("none"))
                : PackageUrl.generic(
                        work.project(),
                        work.artifacts().get(0).path(),
                        work.artifacts().get(0).sha256());
    }
}
