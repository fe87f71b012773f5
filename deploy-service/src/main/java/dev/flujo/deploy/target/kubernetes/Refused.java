package dev.flujo.deploy.target.kubernetes;

/** What was to be deployed cannot be, and never will: the sentence says what is wrong with it. */
final class Refused extends Exception {

    Refused(String reason) {
        super(reason);
    }
}
