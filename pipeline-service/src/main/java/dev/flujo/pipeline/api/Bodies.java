package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies, never more of them than allowed. */
public final class Bodies {

    private Bodies() {}

    /** The whole body. */
    public static byte[] bytes(InputStream body, int most) {
        try {
            byte[] read = body.readNBytes(most + 1);
            if (read.length > most) {
                throw tooLarge(most);
            }
            return read;
        } catch (IOException e) {
            throw new Problem(CommonProblem.BAD_REQUEST, "Expected a whole body, but it ended early", e);
        }
    }

    static void present(Object body) {
        if (body == null) {
            throw Inputs.bad("Expected a JSON object as body, but there is none");
        }
    }

    static Problem tooLarge(long most) {
        return new Problem(
                CommonProblem.TOO_LARGE, "Expected a body of at most " + most + " bytes, but it is larger; shorten it");
    }
}
