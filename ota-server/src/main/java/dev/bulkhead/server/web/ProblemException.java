package dev.bulkhead.server.web;

/** Ends a request with a problem document. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(int status, String word, String detail, String hint) {
        super(detail);
        this.problem = Problem.of(status, word, detail, hint);
    }

    Problem problem() {
        return problem;
    }
}
