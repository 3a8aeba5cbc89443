package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.AppSession;
import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.contract.proto.AuditEntry;
import java.util.List;

/** What lives in a compartment once its package is read, admitted and instantiated. */
record Occupant(
        ReleaseContent content,
        Budget budget,
        CpuAccount account,
        CallbackWatch calls,
        AppSession session,
        Instance instance,
        List<AuditEntry.Declared.Request> grants) {}
