package dev.bulkhead.server.broker;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.client.parameter.Listener;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.admin.AdminService;
import org.jspecify.annotations.Nullable;

/** Plugs the fleet's rules and the in-process link into the broker. */
final class BrokerExtension implements ExtensionMain {
    private final BrokerRules rules;
    private final UplinkHandler uplink;
    private volatile @Nullable AdminService admin;
    private volatile @Nullable Downlink downlink;

    BrokerExtension(BrokerRules rules, UplinkHandler uplink) {
        this.rules = rules;
        this.uplink = uplink;
    }

    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
        CertificateAuthenticator authenticator = new CertificateAuthenticator(rules);
        TopicAuthorizer authorizer = new TopicAuthorizer(rules);
        UplinkInterceptor interceptor = new UplinkInterceptor(rules.topics(), uplink);
        Services.securityRegistry().setAuthenticatorProvider(provided -> authenticator);
        Services.securityRegistry().setAuthorizerProvider(provided -> authorizer);
        Services.initializerRegistry()
                .setClientInitializer((provided, context) -> context.addPublishInboundInterceptor(interceptor));
        Services.eventRegistry().setClientLifecycleEventListener(provided -> new PresenceListener(rules.door()));
        admin = Services.adminService();
        downlink = new InProcessDownlink(rules.topics(), Services.publishService(), Services.clientService());
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
        downlink = null;
    }

    int port() {
        AdminService service = admin;
        if (service == null) {
            throw new IllegalStateException("the broker has not started");
        }
        return service.getServerInformation().getListener().stream()
                .mapToInt(Listener::getPort)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the broker has no listener"));
    }

    Downlink downlink() {
        Downlink link = downlink;
        if (link == null) {
            throw new IllegalStateException("the broker is not running");
        }
        return link;
    }
}
