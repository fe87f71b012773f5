package dev.flujo.runner;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The words under which jobs find a runner that can what they need. */
final class Labels {

    private static final int LONGEST = 255;

    private Labels() {}

    /**
     * Those of this machine, such as {@code linux} and {@code x64}, the name of the executor, and those of the operator.
     *
     * @throws IllegalArgumentException if one of the operator's is none that a job could ask for
     */
    static List<String> of(String executor, Set<String> configured) {
        Set<String> labels = new TreeSet<>();
        labels.add(system(System.getProperty("os.name")));
        labels.add(processor(System.getProperty("os.arch")));
        labels.add(executor);
        for (String label : configured) {
            if (label.isBlank() || label.length() > LONGEST) {
                throw new IllegalArgumentException("Expected labels of 1 to " + LONGEST
                        + " characters in flujo.runner.labels, but found '" + label + "'; separate them by commas");
            }
            labels.add(label.strip());
        }
        return List.copyOf(labels);
    }

    private static String system(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("mac") ? "macos" : lower.startsWith("windows") ? "windows" : lower.replace(' ', '-');
    }

    /** Processors have several names; these are the ones that people know from elsewhere. */
    private static String processor(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }
}
