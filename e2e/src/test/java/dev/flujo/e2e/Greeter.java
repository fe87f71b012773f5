package dev.flujo.e2e;

/** An application for tests: it says hello from the pull request that it was made for, if there is one. */
final class Greeter {

    /** What {@code deploy} starts of the artifacts of {@link #JOB}. */
    static final String START = "exec java Serve.java";

    /** The job {@code build} of a pipeline, as it stands below {@code jobs}. */
    static final String JOB =
            """
              build:
                steps:
                  - run: |
                      cat > Serve.java <<'END'
                      import com.sun.net.httpserver.HttpServer;
                      public class Serve {
                          public static void main(String[] arguments) throws Exception {
                              int port = Integer.parseInt(System.getenv("PORT"));
                              byte[] words = ("hello from " + System.getenv("FLUJO_PULL_REQUEST")).getBytes();
                              HttpServer server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", port), 0);
                              server.createContext("/", exchange -> {
                                  exchange.sendResponseHeaders(200, words.length);
                                  exchange.getResponseBody().write(words);
                                  exchange.close();
                              });
                              server.start();
                          }
                      }
                      END
                artifacts: {paths: [Serve.java]}
            """;

    private Greeter() {}
}
