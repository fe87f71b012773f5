package dev.flujo.pipeline.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request with a body in chunks that does not end, on a connection of its own; no client of a library sends on once it has an answer. */
final class EndlessBody implements AutoCloseable {

    private static final byte[] CHUNK =
            ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;

    EndlessBody(URI base, String path, String token) throws IOException {
        socket = new Socket(base.getHost(), base.getPort());
        String head = "POST " + path + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends on until there is an answer, and gives the beginning of its first line; fails where all of this is taken. */
    String sendUntilAnswered(long most) throws IOException {
        InputStream answer = socket.getInputStream();
        OutputStream body = socket.getOutputStream();
        try {
            for (long sent = 0; answer.available() == 0; sent += CHUNK.length) {
                if (sent > most) {
                    throw new AssertionError("Expected an answer before " + most + " bytes are sent");
                }
                body.write(CHUNK);
            }
        } catch (SocketException e) {
            if (answer.available() == 0) {
                throw e;
            }
        }
        return new String(answer.readNBytes("HTTP/1.1 413".length()), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
