package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.span;
import static dev.flujo.core.plan.shape.Words.times;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Text;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** Files that a job finds or leaves: caches, artifacts and reports. */
final class FileShapes {

    static final Keys CACHE = new Keys(
                    "`cache`",
                    List.of(
                            Key.required(
                                    "paths",
                                    Forms.texts(Text.of(Globs.CACHED, PATTERN), 20),
                                    "the directories that are kept: in the workspace, or from `~/` on; at most 20",
                                    "such as `paths: [~/.m2]`"),
                            Key.of(
                                    "key",
                                    Forms.of(
                                            Text.computed(Formats.LINE, PATTERN),
                                            null,
                                            new Keys(
                                                            "`key`",
                                                            List.of(
                                                                    Key.required(
                                                                            "files",
                                                                            Forms.texts(
                                                                                    Text.of(Globs.FILES, PATTERN), 20),
                                                                            "files whose content makes the key; "
                                                                                    + "at most 20",
                                                                            "such as `files: [pom.xml]`"),
                                                                    Key.of(
                                                                            "prefix",
                                                                            Text.computed(Formats.LINE, PATTERN),
                                                                            "the job's id",
                                                                            "what the key begins with; "
                                                                                    + "expressions are replaced")))
                                                    .such("key: {files: [pom.xml]}"),
                                            "as text or as a mapping such as `key: {files: [pom.xml]}`"),
                                    "the job's id",
                                    "what finds the same files again: text in which expressions are replaced, or "
                                            + "`files` (at most 20) whose content makes it, with a `prefix` (the "
                                            + "job's id)"),
                            Key.of(
                                    "restore-keys",
                                    Forms.texts(Text.computed(Formats.LINE, PATTERN), 10),
                                    "none",
                                    "beginnings of keys that will do where the key finds nothing; at most 10"),
                            Key.of(
                                    "policy",
                                    new Word(List.of("pull", "push", "both")),
                                    "`both`",
                                    "only read (`pull`), only write (`push`), or `both`")))
            .elsewhere(Map.of(
                    "path",
                    "paths",
                    "fallback_keys",
                    "restore-keys",
                    "restore_keys",
                    "restore-keys",
                    "files",
                    "key: {files: …}"))
            .later("untracked", "unprotect", "when")
            .such("cache: {key: {files: [pom.xml]}, paths: [~/.m2]}");

    static final Keys ARTIFACTS = new Keys(
                    "`artifacts`",
                    List.of(
                            Key.of(
                                    "paths",
                                    Words.FILES,
                                    "none",
                                    "files that are kept: " + "at most " + Limits.PATTERNS
                                            + " patterns, each of at most " + PATTERN + " characters"),
                            Key.of(
                                    "when",
                                    new Word(List.of("success", "failure", "always")),
                                    "`success`",
                                    "after which end they are kept: `success`, `failure` or `always`"),
                            Key.of(
                                    "expire",
                                    span(Limits.LONGEST_KEPT),
                                    "the project's",
                                    "how long they are kept: " + times(Limits.LONGEST_KEPT)),
                            Key.of(
                                    "from",
                                    Words.ids(Formats.JOB_ID, Limits.NEEDS),
                                    "none",
                                    "jobs that this job needs and whose artifacts lie in its workspace before "
                                            + "the first step")))
            .rules(new Rule.AnyOf(List.of("paths", "from"), "add `paths`"))
            .elsewhere(Map.of(
                    "path",
                    "paths",
                    "files",
                    "paths",
                    "reports",
                    "jobs.<id>.reports",
                    "expire_in",
                    "expire",
                    "retention-days",
                    "expire",
                    "download",
                    "from"))
            .later("name", "untracked", "exclude")
            .such("artifacts: {paths: [\"target/**\"]}");

    static final Keys CHECKOUT = new Keys(
                    "`checkout`",
                    List.of(
                            Key.of(
                                    "submodules",
                                    Words.FLAG,
                                    "`false`",
                                    "other repositories that the commit names, and those that they name"),
                            Key.of("lfs", Words.FLAG, "`false`", "files for which Git LFS has put pointers")))
            .rules(new Rule.AnyOf(List.of("submodules", "lfs"), "add one, or remove `checkout`"))
            .elsewhere(Map.of("recursive", "submodules", "large-files", "lfs"))
            .such("checkout: {submodules: true}");

    static final Keys REPORTS = new Keys(
                    "`reports`",
                    List.of(
                            Key.of(
                                    "junit",
                                    Words.FILES,
                                    "none",
                                    "JUnit XML files, read when the steps have ended, also after a failure: "
                                            + "patterns as those of `artifacts`"),
                            Key.of("ctrf", Words.FILES, "none", "test results in CTRF"),
                            Key.of("coverage", Words.FILES, "none", "JaCoCo or Cobertura XML files"),
                            Key.of("sarif", Words.FILES, "none", "findings in SARIF"),
                            Key.of("sbom", Words.FILES, "none", "software bills of materials in CycloneDX")))
            .rules(new Rule.AnyOf(List.of("junit", "ctrf", "coverage", "sarif", "sbom"), "add one"))
            .elsewhere(Map.of(
                    "tests",
                    "junit",
                    "xunit",
                    "junit",
                    "coverage_report",
                    "coverage",
                    "cyclonedx",
                    "sbom",
                    "sast",
                    "sarif"))
            .later("dotenv", "flaky")
            .such("reports: {junit: [\"target/**/*.xml\"]}");

    static final Shape CACHES = Forms.of(
            null,
            new Items(CACHE, 1, Limits.CACHES, ""),
            CACHE,
            "as a mapping such as `" + CACHE.example().orElseThrow() + "`");

    private FileShapes() {}
}
