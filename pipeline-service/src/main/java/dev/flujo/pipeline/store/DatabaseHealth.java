package dev.flujo.pipeline.store;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only while the history can be read and written; alive all the same. */
@Readiness
@ApplicationScoped
class DatabaseHealth implements HealthCheck {

    private final Database database;

    DatabaseHealth(Database database) {
        this.database = database;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("history").status(database.answers()).build();
    }
}
