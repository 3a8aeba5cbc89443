package dev.bulkhead.server.main;

import java.nio.file.Path;

/** A server in a process of its own, to be killed. Says its ports on standard output. */
final class ServerChild {
    private ServerChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        FleetServer server = Town.at(Path.of(arguments[0])).start();
        System.out.println("READY " + server.mqttPort() + " " + server.webPort());
        Thread.sleep(Long.MAX_VALUE);
    }
}
