package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests of vectors need a JVM started with {@code --add-modules jdk.incubator.vector}, as the build starts it. */
final class VectorsAtHand {
    private VectorsAtHand() {}

    /** Skips the test in a JVM without, but not where {@code CI=true}. */
    static void assume() {
        assumeTrue(
                "true".equals(System.getenv("CI"))
                        || ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
                "the JVM was started without --add-modules jdk.incubator.vector");
    }
}
