package dev.flujo.bench;

import dev.flujo.stack.Memory;
import dev.flujo.stack.ServerProcess;
import java.util.ArrayList;
import java.util.List;

/** What each process of the stack holds in memory while it has nothing to do, after everything else that was measured before. */
final class ResidentMemory implements Measurement {

    @Override
    public List<Figure> measure(Session session) {
        List<Figure> figures = new ArrayList<>();
        for (ServerProcess member : session.stack().members()) {
            double mib = member.process()
                    .map(handle -> (double) Memory.residentMiB(handle.pid()))
                    .orElse(Double.NaN);
            figures.add(Figure.shown("resident memory of " + member.name() + ", idle", mib, "MiB"));
        }
        return figures;
    }
}
