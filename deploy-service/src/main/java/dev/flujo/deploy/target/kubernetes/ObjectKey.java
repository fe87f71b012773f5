package dev.flujo.deploy.target.kubernetes;

/** Which object of a namespace: its kind and name. */
record ObjectKey(Kind kind, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int order = kind.compareTo(other.kind);
        return order == 0 ? name.compareTo(other.name) : order;
    }

    @Override
    public String toString() {
        return kind.word() + " " + name;
    }
}
