package dev.bulkhead.server.broker;

/**
 * Who may connect and speak, and who hears of refusals.
 *
 * @param topics the fleet served
 * @param door asked after the certificate was found good
 * @param incidents told of every refusal
 */
public record BrokerRules(FleetTopics topics, VehicleDoor door, BrokerIncidents incidents) {}
