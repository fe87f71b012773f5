package dev.flujo.kit.problem;

/** The kinds of problem that every service can have. */
public enum CommonProblem implements ProblemKind {
    BAD_REQUEST("bad-request", 400, "The request cannot be read", Blame.CALLER),
    UNAUTHENTICATED("unauthenticated", 401, "A valid token is needed", Blame.CALLER),
    FORBIDDEN("forbidden", 403, "The token does not allow this", Blame.CALLER),
    NOT_FOUND("not-found", 404, "There is nothing here", Blame.CALLER),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not offered here", Blame.CALLER),
    NOT_ACCEPTABLE("not-acceptable", 406, "None of the offered formats is accepted", Blame.CALLER),
    TOO_LARGE("too-large", 413, "The request is too large", Blame.CALLER),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body has a type that is not read here", Blame.CALLER),
    INVALID("invalid", 422, "The content is not valid", Blame.CALLER),
    UNAVAILABLE("unavailable", 503, "A part of the platform is away", Blame.PLATFORM),
    INTERNAL("internal", 500, "The platform made a mistake", Blame.PLATFORM);

    private final String slug;
    private final int status;
    private final String title;
    private final Blame blame;

    CommonProblem(String slug, int status, String title, Blame blame) {
        this.slug = slug;
        this.status = status;
        this.title = title;
        this.blame = blame;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Blame blame() {
        return blame;
    }

    /** The kind for an HTTP status that a library chose. */
    static ProblemKind forStatus(int status) {
        for (CommonProblem kind : values()) {
            if (kind.status == status) {
                return kind;
            }
        }
        return status >= 500 ? INTERNAL : BAD_REQUEST;
    }
}
