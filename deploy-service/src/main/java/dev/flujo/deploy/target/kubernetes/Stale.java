package dev.flujo.deploy.target.kubernetes;

/** Somebody wrote to an object after it was read; whoever wanted to write must read again and think anew. */
final class Stale extends Exception {

    Stale(String what) {
        super(what);
    }
}
