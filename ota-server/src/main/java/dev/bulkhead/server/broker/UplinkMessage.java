package dev.bulkhead.server.broker;

/**
 * One message from an authenticated vehicle. The vehicle is the one whose certificate opened the connection, not one that
 * a payload names.
 *
 * @param payload at most the broker's packet limit; handed over, not copied: the handler owns it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record UplinkMessage(VehicleId vehicle, UplinkKind kind, byte[] payload) {}
