package dev.flujo.e2e;

import org.junit.jupiter.api.Tag;

/** The same with two replicas, one of which is away often enough that the other has everything. */
@Tag("nightly")
class TwoReplicasIT extends ReplicasIT {

    @Override
    int count() {
        return 2;
    }
}
