package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;

/** An open block while a method is written. */
final class Block {
    final int op;
    final FuncType type;
    /** Entries beneath its parameters. */
    final int height;

    final Label end = new Label();
    /** Head of a loop, else of an if, start of the protected range of a try. */
    final Label start = new Label();
    /** Index of its opener in the code. */
    final int opener;

    boolean elseSeen;

    /** Of a metered loop: where turns after the first are charged, at its end, and where control goes when the fuel runs out. */
    @Nullable
    Latch latch;

    /** See {@link Block#latch}; {@code exhausted} writes what follows when the fuel has run out. */
    record Latch(Label turn, Label out, long cost, Runnable exhausted) {}

    Block(int op, FuncType type, int height, int opener, boolean outside) {
        this.op = op;
        this.type = type;
        this.height = height;
        this.opener = opener;
        this.outside = outside;
    }

    Label target() {
        if (latch != null) {
            return latch.turn();
        }
        return op == Op.LOOP ? start : end;
    }

    List<ValType> labelTypes() {
        return op == Op.LOOP ? type.params() : type.results();
    }

    /** Its label cannot be jumped to from this method: leaving for it is a return. */
    final boolean outside;
}
