package dev.flujo.deploy.target.local;

import dev.flujo.deploy.StrategyContract;
import dev.flujo.deploy.Target;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** The strategies on the local target. */
class LocalStrategiesIT extends StrategyContract {

    private LocalGround ground;

    @AfterEach
    void endEverything() throws IOException {
        ground.close();
    }

    @Override
    protected Target open() throws IOException {
        if (ground == null) {
            ground = new LocalGround(directory);
        }
        return ground.open();
    }

    @Override
    protected boolean running(UUID deployment) {
        return ground.running(deployment);
    }
}
