package dev.flujo.runner.log;

/**
 * Where a chunk of the log lies in the output of its step. It is written down before the chunk is sent, so a restarted
 * runner sends the same chunk under the same number.
 *
 * @param number from 0 through all steps of the attempt
 * @param offset of its first byte
 * @param length in bytes, line feeds and cut-off bytes included
 * @param firstLine from 1 through all steps of the attempt
 */
record Chunk(int number, int step, long offset, int length, long firstLine, int lines) {

    String line() {
        return number + " " + step + " " + offset + " " + length + " " + firstLine + " " + lines;
    }

    static Chunk parse(String line) {
        String[] parts = line.split(" ", -1);
        return new Chunk(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]),
                Integer.parseInt(parts[5]));
    }
}
