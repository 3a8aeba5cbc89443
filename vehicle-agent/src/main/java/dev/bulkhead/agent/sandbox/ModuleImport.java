package dev.bulkhead.agent.sandbox;

/** A function the module imports. */
public record ModuleImport(String module, String name, Signature signature) {}
