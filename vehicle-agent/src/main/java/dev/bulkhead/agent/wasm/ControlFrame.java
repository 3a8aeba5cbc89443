package dev.bulkhead.agent.wasm;

import java.util.List;

/** One open block while a body is validated. */
final class ControlFrame {
    final int op;
    final FuncType type;
    final int height;
    /** Opened inside unreachable code: validated, never emitted. */
    final boolean dead;
    /** Where its opener stands in the {@link Code}; −1 for the function itself. */
    final int opener;

    boolean unreachable;
    boolean elseSeen;

    ControlFrame(int op, FuncType type, int height, boolean dead, int opener) {
        this.op = op;
        this.type = type;
        this.height = height;
        this.dead = dead;
        this.opener = opener;
        this.unreachable = dead;
    }

    List<ValType> labelTypes() {
        return op == Op.LOOP ? type.params() : type.results();
    }
}
