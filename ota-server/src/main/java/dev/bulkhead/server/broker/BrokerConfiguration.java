package dev.bulkhead.server.broker;

import java.nio.file.Path;

/** The embedded broker's configuration text: one TLS listener, tight limits, nothing sent home. */
final class BrokerConfiguration {
    /** More than a window of blocks, metadata and a wake at once; a client that reads nothing costs at most this. */
    private static final int QUEUED_MESSAGES = 64;

    private static final int SESSION_EXPIRY_SECONDS = 3_600;

    private BrokerConfiguration() {}

    static String xml(BrokerSettings settings, Path keys, Path trust, String password) {
        return """
                <?xml version="1.0"?>
                <hivemq>
                  <listeners>
                    <tls-tcp-listener>
                      <port>%d</port>
                      <bind-address>%s</bind-address>
                      <name>vehicles</name>
                      <tls>
                        <protocols><protocol>TLSv1.3</protocol></protocols>
                        <keystore>
                          <path>%s</path>
                          <password>%s</password>
                          <private-key-password>%s</private-key-password>
                        </keystore>
                        <truststore>
                          <path>%s</path>
                          <password>%s</password>
                        </truststore>
                        <client-authentication-mode>REQUIRED</client-authentication-mode>
                      </tls>
                    </tls-tcp-listener>
                  </listeners>
                  <mqtt>
                    <queued-messages><max-queue-size>%d</max-queue-size><strategy>discard</strategy></queued-messages>
                    <session-expiry><max-interval>%d</max-interval></session-expiry>
                    <shared-subscriptions><enabled>false</enabled></shared-subscriptions>
                    <packets><max-packet-size>%d</max-packet-size></packets>
                    <receive-maximum><server-receive-maximum>16</server-receive-maximum></receive-maximum>
                  </mqtt>
                  <restrictions>
                    <max-connections>%d</max-connections>
                    <max-client-id-length>64</max-client-id-length>
                    <max-topic-length>256</max-topic-length>
                    <no-connect-idle-timeout>10000</no-connect-idle-timeout>
                  </restrictions>
                  <security>
                    <allow-empty-client-id><enabled>false</enabled></allow-empty-client-id>
                  </security>
                  <persistence><mode>in-memory</mode></persistence>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(
                        settings.port(),
                        escape(settings.bindAddress()),
                        escape(keys.toAbsolutePath().toString()),
                        password,
                        password,
                        escape(trust.toAbsolutePath().toString()),
                        password,
                        QUEUED_MESSAGES,
                        SESSION_EXPIRY_SECONDS,
                        settings.maxPacketBytes(),
                        settings.maxConnections());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
