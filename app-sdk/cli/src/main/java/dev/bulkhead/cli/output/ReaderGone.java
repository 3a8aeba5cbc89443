package dev.bulkhead.cli.output;

/** Nobody reads standard output any more, so an endless command ends; there is nobody to tell and nothing wrong. */
final class ReaderGone extends RuntimeException {
    ReaderGone() {
        super("nobody reads the output any more");
    }
}
