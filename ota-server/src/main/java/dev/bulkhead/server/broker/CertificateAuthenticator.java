package dev.bulkhead.server.broker;

import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.client.parameter.ClientTlsInformation;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import dev.bulkhead.server.broker.BrokerIncidents.Refusal;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Lets a client in when its certificate (already verified by TLS) names it as a vehicle, its client id is that name, and
 * the fleet has no objection. Says no in every other case.
 */
final class CertificateAuthenticator implements SimpleAuthenticator {
    private final BrokerRules rules;

    CertificateAuthenticator(BrokerRules rules) {
        this.rules = rules;
    }

    @Override
    public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
        String clientId = input.getClientInformation().getClientId();
        Optional<X509Certificate> certificate = input.getConnectionInformation()
                .getClientTlsInformation()
                .flatMap(ClientTlsInformation::getClientCertificate);
        switch (VehicleCertificates.identify(certificate)) {
            case VehicleCertificates.Identity.Vehicle(VehicleId vehicle, X509Certificate own) ->
                admit(vehicle, own, clientId, output);
            case VehicleCertificates.Identity.Nobody(String why) ->
                refuse(Optional.empty(), ConnackReasonCode.NOT_AUTHORIZED, why, output);
        }
    }

    private void admit(VehicleId vehicle, X509Certificate certificate, String clientId, SimpleAuthOutput output) {
        if (!vehicle.value().equals(clientId)) {
            refuse(
                    Optional.of(vehicle),
                    ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "client id must be the certificate's common name " + vehicle,
                    output);
            return;
        }
        rules.door()
                .objection(vehicle, certificate)
                .ifPresentOrElse(
                        why -> refuse(Optional.of(vehicle), ConnackReasonCode.BANNED, why, output),
                        output::authenticateSuccessfully);
    }

    private void refuse(Optional<VehicleId> vehicle, ConnackReasonCode code, String why, SimpleAuthOutput output) {
        rules.incidents().refused(new Refusal(vehicle, "connect", why));
        output.failAuthentication(code, why);
    }
}
