package dev.flujo.deploy.proxy;

/**
 * What a door has passed on to one replica since the proxy began: in all, failed, and not answered yet; a line of its file
 * {@code counts}.
 */
public record Count(String deployment, int port, long all, long failed, long open) {

    public String line() {
        return deployment + " " + port + " " + all + " " + failed + " " + open;
    }

    public static Count parse(String line) {
        String[] parts = line.trim().split(" ", -1);
        return new Count(
                parts[0],
                Integer.parseInt(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]));
    }
}
