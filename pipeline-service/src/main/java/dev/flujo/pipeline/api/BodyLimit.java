package dev.flujo.pipeline.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Cuts bodies off at a megabyte; webhooks, which may be larger, count for themselves. */
@Provider
public class BodyLimit implements ContainerRequestFilter {

    private static final int MOST = 1024 * 1024;
    private static final String OWN_LIMIT = "/api/v1/webhooks/";

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getUriInfo().getPath().startsWith(OWN_LIMIT) || !request.hasEntity()) {
            return;
        }
        if (request.getLength() > MOST) {
            throw Bodies.tooLarge(MOST);
        }
        request.setEntityStream(new Limited(request.getEntityStream()));
    }

    /** A body that may not be read further than the limit. */
    private static final class Limited extends FilterInputStream {

        private long read;

        Limited(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int some = super.read(target, offset, length);
            count(Math.max(0, some));
            return some;
        }

        /** A body that is refused is not read to its end, which it may not have. */
        @Override
        public void close() throws IOException {
            if (read <= MOST) {
                super.close();
            }
        }

        private void count(int more) {
            read += more;
            if (read > MOST) {
                throw Bodies.tooLarge(MOST);
            }
        }
    }
}
