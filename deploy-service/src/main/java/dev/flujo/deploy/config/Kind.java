package dev.flujo.deploy.config;

/** What an application of an environment is given by name: what anybody may read, and what nobody is shown again. */
public enum Kind {
    SETTING("setting", "settings"),
    SECRET("secret", "secrets");

    private final String word;
    private final String plural;

    Kind(String word, String plural) {
        this.word = word;
        this.plural = plural;
    }

    public String word() {
        return word;
    }

    /** As it is called in addresses. */
    public String plural() {
        return plural;
    }
}
