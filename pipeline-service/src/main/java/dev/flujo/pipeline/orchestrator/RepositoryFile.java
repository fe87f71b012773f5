package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.RunEvent.Mistake;
import java.util.List;

/** A file of a repository that should define a pipeline, and what came of it. */
sealed interface RepositoryFile {

    String path();

    String pipeline();

    /** The file is right. */
    record Right(String path, Definition definition) implements RepositoryFile {

        @Override
        public String pipeline() {
            return definition.defined().pipeline();
        }
    }

    /** The file is wrong, in all these ways. */
    record Wrong(String path, String pipeline, List<Mistake> mistakes) implements RepositoryFile {

        public Wrong {
            mistakes = List.copyOf(mistakes);
        }
    }

    /** A file that is wrong as a whole. */
    static Wrong wrong(String path, String pipeline, String message) {
        return new Wrong(path, pipeline, List.of(new Mistake(0, 0, message)));
    }
}
