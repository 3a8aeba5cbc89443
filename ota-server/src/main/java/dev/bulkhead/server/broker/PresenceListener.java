package dev.bulkhead.server.broker;

import com.hivemq.extension.sdk.api.events.client.ClientLifecycleEventListener;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationFailedInput;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationSuccessfulInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionStartInput;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;

/** Tells the door who comes and goes. One for each connection. */
final class PresenceListener implements ClientLifecycleEventListener {
    private final VehicleDoor door;

    PresenceListener(VehicleDoor door) {
        this.door = door;
    }

    @Override
    public void onMqttConnectionStart(ConnectionStartInput input) {
        // nobody yet: the authenticator decides
    }

    @Override
    public void onAuthenticationSuccessful(AuthenticationSuccessfulInput input) {
        VehicleId.parse(input.getClientInformation().getClientId()).ifPresent(door::arrived);
    }

    @Override
    public void onAuthenticationFailedDisconnect(AuthenticationFailedInput input) {
        // it never arrived
    }

    @Override
    public void onDisconnect(DisconnectEventInput input) {
        VehicleId.parse(input.getClientInformation().getClientId()).ifPresent(door::left);
    }
}
