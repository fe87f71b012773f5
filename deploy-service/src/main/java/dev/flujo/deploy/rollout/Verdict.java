package dev.flujo.deploy.rollout;

/** What an answer says of the new version: it is good, it is bad, or a person must look. */
enum Verdict {
    PASS,
    FAIL,
    INCONCLUSIVE
}
