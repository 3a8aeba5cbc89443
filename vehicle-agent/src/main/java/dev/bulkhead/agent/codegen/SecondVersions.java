package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/**
 * Leaves a method for good where the fuel runs out in one of its loops, and goes on there in the second version of its scope. That calls the loop, fresh
 * and compiled from its start, as often as it wants to be called again, and then runs to the end of the scope: of a loop, to the end of the turn.
 */
final class SecondVersions {
    private static final int MOST_ENTRIES = 200;

    private final MethodParts parts;
    private final Code code;
    private final OutlinePlan plan;
    private final @Nullable Region region;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Calls calls;
    private final Fuel fuel;
    /** Where the second version begins, by region number, as long as nothing has been written there. */
    private final Map<Integer, Label> entries = new TreeMap<>();

    SecondVersions(MethodParts parts) {
        this.parts = parts;
        this.code = parts.code();
        this.plan = parts.plan();
        this.region = parts.scope().region();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.calls = parts.calls();
        this.fuel = parts.fuel();
    }

    // in the first version

    /** Whether this method can be left at the head of a loop; the entries are those beneath the loop. */
    boolean leavesAt(int loop) {
        Region target = plan.at(loop);
        return target != null
                && parts.shape().form == CodeForm.METERED
                && operands.size() <= MOST_ENTRIES
                && operands.allHaveBits()
                && plan.leaves(region, target);
    }

    void leave(int loop) {
        Region target = Objects.requireNonNull(plan.at(loop));
        List<Integer> locals = plan.handedOn(region, target);
        for (int i = 0; i < operands.size(); i++) {
            int fromTop = operands.size() - 1 - i;
            operands.loadLazy(fromTop);
            calls.toTransfer(operands.type(fromTop), locals.size() + i);
        }
        fuel.giveBack();
        call(region, target);
        out.op(region == null ? JavaType.giveOpcode(code.type()) : Opcodes.IRETURN);
    }

    /**
     * Calls a scope's second version, to begin at a loop. Locals pass by way of the state: as arguments they would be bound to the registers of the
     * call, and C2 lets the loop pay for that.
     */
    private void call(@Nullable Region scope, Region target) {
        List<Integer> locals = plan.handedOn(scope, target);
        for (int k = 0; k < locals.size(); k++) {
            calls.localToTransfer(locals.get(k), k);
        }
        calls.passState(frame.stack() >= 0);
        out.constant(target.number());
        out.callStatic(
                ModuleShape.secondClassOf(code.function()),
                ModuleShape.secondMethodOf(code.function(), scope),
                descriptor(code, scope, frame.stack() >= 0));
    }

    static String descriptor(Code code, @Nullable Region scope, boolean deep) {
        return "("
                + RuntimeNames.of(RuntimeNames.INSTANCE)
                + (deep ? "II)" : "I)")
                + (scope == null ? JavaType.resultDescriptor(code.type()) : "I");
    }

    // in the second version

    /** At the start of the method: goes to the loop it is to begin at. */
    void begin() {
        List<Region> loops = plan.within(region);
        loops.forEach(loop -> entries.put(loop.number(), new Label()));
        Label unknown = new Label();
        out.variable(Opcodes.ILOAD, frame.entry());
        out.mv.visitLookupSwitchInsn(
                unknown,
                entries.keySet().stream().mapToInt(Integer::intValue).toArray(),
                entries.values().toArray(new Label[0]));
        out.label(unknown);
        operands.frame();
    }

    /** Before a loop is called: where control comes to, begun at that loop or at one within; nothing falls through to here. */
    void entriesAt(Region called, Label again, Label returned) {
        Operands.State beneath = operands.save();
        for (Region target : plan.within(region)) {
            if (operands.allHaveBits()
                    && plan.leaves(region, target)
                    && plan.childAround(region, target).is(called)) {
                enter(called, target, again, returned, beneath);
                operands.restore(beneath);
            }
        }
    }

    private void enter(Region called, Region target, Label again, Label returned, Operands.State beneath) {
        int count = operands.size();
        operands.setSize(0);
        out.label(Objects.requireNonNull(entries.remove(target.number())));
        operands.frame();
        operands.restore(beneath);
        List<Integer> locals = plan.handedOn(region, target);
        for (int k = 0; k < locals.size(); k++) {
            calls.localFromTransfer(locals.get(k), k);
        }
        for (int i = 0; i < count; i++) {
            if (operands.isSlot(count - 1 - i)) {
                JavaType type = operands.type(count - 1 - i);
                calls.fromTransfer(type, locals.size() + i);
                operands.storeSlot(type, i);
            }
        }
        if (called.is(target)) {
            fuel.refuelToRepeat(parts.costs()[target.start()]);
            out.jump(Opcodes.GOTO, again);
            return;
        }
        out.constant(locals.size() + count);
        out.constant(plan.handedOn(called, target).size());
        out.variable(Opcodes.ALOAD, frame.state());
        out.callStatic(RuntimeNames.STATE, "moveTransferred", "(II" + RuntimeNames.of(RuntimeNames.STATE) + ")V");
        call(called, target);
        out.jump(Opcodes.GOTO, returned);
    }

    /** At the end of the method: loops that no one leaves. */
    void finish() {
        operands.setSize(0);
        for (Label never : entries.values()) {
            out.label(never);
            operands.frame();
            parts.trap("unreachable");
        }
    }
}
