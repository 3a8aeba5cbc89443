package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.ArrayList;
import java.util.List;

/** Writes a function's body for when one of its branches is known to be taken or not, without what is never reached then. Knows no {@code try_table}. */
final class DecidedBody {
    private final Code from;
    private final int branch;
    private final boolean taken;
    private final Code out;
    private final List<Open> open = new ArrayList<>();
    /** Nothing comes to the place that is read, nor to so many blocks that were opened since. */
    private boolean dead;

    private int passedOver;

    private DecidedBody(Code from, int branch, boolean taken) {
        this.from = from;
        this.branch = branch;
        this.taken = taken;
        this.out = from.another();
    }

    /** A block that is written. */
    private static final class Open {
        private final int opener;
        private final int height;
        /** Whether something branches to its end, or will fall through to it. */
        private boolean left;

        Open(int opener, int height) {
            this.opener = opener;
            this.height = height;
        }
    }

    /** Writes it; {@code branch} is the index of a {@code br_if} or an {@code if}. */
    static Code write(Code from, int branch, boolean taken) {
        DecidedBody body = new DecidedBody(from, branch, taken);
        body.open.add(new Open(-1, 0));
        for (int i = 0; i < from.size(); i++) {
            if (!body.dead) {
                body.write(i);
            } else {
                body.passOver(i);
            }
        }
        return body.out;
    }

    private void passOver(int i) {
        switch (from.op(i)) {
            case Op.BLOCK, Op.LOOP, Op.IF -> passedOver++;
            case Op.ELSE -> {
                if (passedOver == 0) {
                    otherwise(i);
                }
            }
            case Op.END -> {
                if (passedOver == 0) {
                    end(i);
                } else {
                    passedOver--;
                }
            }
            default -> {}
        }
    }

    private void write(int i) {
        int op = from.op(i);
        switch (op) {
            case Op.BLOCK, Op.LOOP, Op.IF -> open(i, op);
            case Op.ELSE -> otherwise(i);
            case Op.END -> end(i);
            case Op.BR_IF -> branchIf(i);
            case Op.BR -> branch(i, from.a(i));
            case Op.BR_TABLE -> table(i);
            case Op.RETURN -> {
                open.getFirst().left = true;
                copy(i);
            }
            default -> copy(i);
        }
        dead |= Op.endsFlow(op);
    }

    private int copy(int i) {
        return add(i, from.op(i), from.a(i), from.b(i), from.imm(i));
    }

    private int add(int i, int op, int a, int b, long imm) {
        int index = out.add(op, a, b, imm);
        out.height(index, from.height(i));
        return index;
    }

    private void open(int i, int op) {
        boolean decided = i == branch;
        if (decided) {
            add(i, Op.DROP, 0, 0, 0);
        }
        int type = out.addBlockType(from.blockType(from.b(i)));
        int opener = add(i, decided ? Op.BLOCK : op, -1, type, -1);
        int params = from.blockType(from.b(i)).params().size();
        Open block = new Open(opener, from.height(i) - params);
        boolean withoutElse = op == Op.IF && from.imm(i) < 0;
        block.left = withoutElse && !(decided && taken);
        open.add(block);
        dead = decided && !taken;
    }

    private void otherwise(int i) {
        Open block = open.getLast();
        block.left |= !dead;
        if (from.a(i) == branch) {
            dead = taken;
        } else {
            out.imm(block.opener, add(i, Op.ELSE, block.opener, 0, 0));
            dead = false;
        }
    }

    private void end(int i) {
        Open block = open.removeLast();
        int end = add(i, Op.END, block.opener, 0, 0);
        if (block.opener >= 0) {
            out.a(block.opener, end);
        }
        dead &= !block.left;
        if (dead && block.opener >= 0) {
            // whoever reads this takes the end of a block for reached
            out.height(add(i, Op.UNREACHABLE, 0, 0, 0), open.getLast().height);
        }
    }

    private void branchIf(int i) {
        if (i != branch) {
            leave(from.a(i));
            copy(i);
        } else {
            add(i, Op.DROP, 0, 0, 0);
            if (taken) {
                branch(i, from.a(i));
                dead = true;
            }
        }
    }

    private void branch(int i, int label) {
        leave(label);
        out.height(add(i, Op.BR, label, 0, 0), open.getLast().height);
    }

    private void table(int i) {
        int start = -1;
        for (int label : from.targets(i)) {
            leave(label);
            int place = out.addPool(label);
            start = start < 0 ? place : start;
        }
        add(i, Op.BR_TABLE, start, from.b(i), 0);
    }

    private void leave(int label) {
        Open block = open.get(open.size() - 1 - label);
        block.left |= block.opener < 0 || out.op(block.opener) != Op.LOOP;
    }
}
