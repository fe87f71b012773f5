package dev.flujo.pipeline.orchestrator;

/** The note of tasks that end of no record. */
final class FakeInHand implements InHand {

    @Override
    public int take(String topic, long offset) {
        return 0;
    }

    @Override
    public void done() {}

    @Override
    public void close() {}
}
