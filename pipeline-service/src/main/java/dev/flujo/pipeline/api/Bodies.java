package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

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

    /** The whole body as UTF-8. */
    static String text(InputStream body, int most) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(body, most)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem(
                    CommonProblem.INVALID,
                    "Expected a text in UTF-8, but it is in another encoding; save it as UTF-8",
                    e);
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
