/*
 * A stack machine in one loop over a switch of some 140 arms, the usual shape of a long function: interpreters, protocol parsers and state machines.
 * Its programs: a sieve, a recursion, a sort, a hash, Collatz sequences and a fractal, each n times.
 */
#include "program.h"

typedef union {
    int i;
    long long l;
    double d;
} cell;

enum { CELLS = 1 << 14, CODE = 2048, LABELS = 64, STACK = 4096 };

/* Operations of two integers: with two from the stack, with a constant, with a local. */
#define BINARY(X)                                                              \
    X(ADD, a + b) X(SUB, a - b) X(MUL, (int)((unsigned)a * (unsigned)b)) X(AND, a & b) X(OR, a | b) X(XOR, a ^ b) \
    X(SHL, (int)((unsigned)a << (b & 31))) X(SHR, a >> (b & 31)) X(USHR, (int)((unsigned)a >> (b & 31))) \
    X(DIV, b == 0 || b == -1 ? -a : a / b) X(REM, b == 0 || b == -1 ? 0 : a % b) \
    X(ROTL, (int)((unsigned)a << (b & 31) | (unsigned)a >> (-b & 31))) \
    X(MIN, a < b ? a : b) X(MAX, a > b ? a : b) X(MIX, (int)(((unsigned)a ^ (unsigned)b) * 2654435761u))
/* Conditions: pushed, or branched on, of two from the stack, with a constant, with a local. */
#define COMPARE(X)                                                             \
    X(EQ, a == b) X(NE, a != b) X(LT, a < b) X(LE, a <= b) X(GT, a > b) X(GE, a >= b) \
    X(BELOW, (unsigned)a < (unsigned)b) X(BITS, (a & b) != 0)
#define LONGS(X)                                                               \
    X(LADD, a + b) X(LSUB, a - b) X(LMUL, (long long)((unsigned long long)a * (unsigned long long)b)) X(LAND, a & b) X(LOR, a | b) \
    X(LXOR, a ^ b) X(LSHL, (long long)((unsigned long long)a << (b & 63))) X(LSHR, a >> (b & 63))
#define DOUBLES(X)                                                             \
    X(DADD, a + b) X(DSUB, a - b) X(DMUL, a * b) X(DDIV, a / b) X(DMIN, a < b ? a : b) X(DMAX, a > b ? a : b)
#define CONDITIONS(X) X(DLT, a < b) X(DLE, a <= b) X(DGT, a > b) X(DGE, a >= b) X(DEQ, a == b) X(DNE, a != b)
#define OTHERS(X)                                                              \
    X(HALT) X(PUSH) X(POP) X(DUP) X(SWAP) X(OVER) X(ROT) X(GET) X(SET) X(TEE) X(INC) X(GET2) X(MOVE) X(SETK) X(LOAD) X(STORE) \
    X(LOADL) X(STOREL) X(LOADB) X(STOREB) X(FILL) X(COPY) X(JUMP) X(TRUE) X(FALSE) X(LOOP) X(CALL) X(RET) X(NEG) X(NOT) X(ABS) \
    X(CLZ) X(CTZ) X(POPC) X(I2L) X(L2I) X(I2D) X(D2I) X(DNEG) X(DABS) X(DSQR) X(SWITCH) X(SELECT) X(CHECK)

enum op {
#define NAMES(name, value) name, name##_K, name##_L,
    BINARY(NAMES)
#undef NAMES
#define NAMES(name, value) name, IF_##name, IF_##name##_K, IF_##name##_L,
        COMPARE(NAMES)
#undef NAMES
#define NAMES(name, value) name,
            LONGS(NAMES) DOUBLES(NAMES)
#undef NAMES
#define NAMES(name, value) IF_##name,
                CONDITIONS(NAMES)
#undef NAMES
#define NAMES(name) name,
                    OTHERS(NAMES)
#undef NAMES
                        OPS
};

static int code[CODE];
static cell stack[STACK];
static cell heap[CELLS];
static unsigned char bytes[CELLS];

/* Runs from pc until the machine halts; what then lies on top is the result. */
static int interpret(int start) {
    const int *pc = code + start;
    cell *sp = stack + 15; /* the top; 16 locals lie beneath the first frame's operands */
    cell *fp = stack;
    for (;;) {
        switch (*pc++) {
#define ARMS(name, value)                                                      \
    case name: { int b = sp[0].i, a = sp[-1].i; sp--; sp[0].i = value; break; } \
    case name##_K: { int b = *pc++, a = sp[0].i; sp[0].i = value; break; }     \
    case name##_L: { int b = fp[*pc++].i, a = sp[0].i; sp[0].i = value; break; }
            BINARY(ARMS)
#undef ARMS
#define ARMS(name, value)                                                      \
    case name: { int b = sp[0].i, a = sp[-1].i; sp--; sp[0].i = value; break; } \
    case IF_##name: { int b = sp[0].i, a = sp[-1].i; sp -= 2; pc = value ? code + pc[0] : pc + 1; break; } \
    case IF_##name##_K: { int b = pc[1], a = sp[0].i; sp--; pc = value ? code + pc[0] : pc + 2; break; } \
    case IF_##name##_L: { int b = fp[pc[1]].i, a = sp[0].i; sp--; pc = value ? code + pc[0] : pc + 2; break; }
            COMPARE(ARMS)
#undef ARMS
#define ARMS(name, value) case name: { long long b = sp[0].l, a = sp[-1].l; sp--; sp[0].l = value; break; }
            LONGS(ARMS)
#undef ARMS
#define ARMS(name, value) case name: { double b = sp[0].d, a = sp[-1].d; sp--; sp[0].d = value; break; }
            DOUBLES(ARMS)
#undef ARMS
#define ARMS(name, value) case IF_##name: { double b = sp[0].d, a = sp[-1].d; sp -= 2; pc = value ? code + pc[0] : pc + 1; break; }
            CONDITIONS(ARMS)
#undef ARMS
        case HALT: return sp[0].i;
        case PUSH: (++sp)->l = *pc++; break;
        case POP: sp--; break;
        case DUP: sp[1] = sp[0]; sp++; break;
        case SWAP: { cell t = sp[0]; sp[0] = sp[-1]; sp[-1] = t; break; }
        case OVER: sp[1] = sp[-1]; sp++; break;
        case ROT: { cell t = sp[-2]; sp[-2] = sp[-1]; sp[-1] = sp[0]; sp[0] = t; break; }
        case GET: *++sp = fp[*pc++]; break;
        case SET: fp[*pc++] = *sp--; break;
        case TEE: fp[*pc++] = *sp; break;
        case INC: fp[pc[0]].i += pc[1]; pc += 2; break;
        case GET2: sp[1] = fp[pc[0]]; sp[2] = fp[pc[1]]; sp += 2; pc += 2; break;
        case MOVE: fp[pc[0]] = fp[pc[1]]; pc += 2; break;
        case SETK: fp[pc[0]].l = pc[1]; pc += 2; break;
        case LOAD: if ((unsigned)sp[0].i >= CELLS) return -1; sp[0] = heap[sp[0].i]; break;
        case STORE: if ((unsigned)sp[-1].i >= CELLS) return -2; heap[sp[-1].i] = sp[0]; sp -= 2; break;
        case LOADL: { int at = fp[*pc++].i; if ((unsigned)at >= CELLS) return -1; *++sp = heap[at]; break; }
        case STOREL: { int at = fp[*pc++].i; if ((unsigned)at >= CELLS) return -2; heap[at] = *sp--; break; }
        case LOADB: if ((unsigned)sp[0].i >= CELLS) return -3; sp[0].i = bytes[sp[0].i]; break;
        case STOREB: if ((unsigned)sp[-1].i >= CELLS) return -4; bytes[sp[-1].i] = (unsigned char)sp[0].i; sp -= 2; break;
        case FILL: {
            int from = sp[-2].i, count = sp[-1].i;
            if (from < 0 || count < 0 || from + count > CELLS) return -5;
            for (int i = 0; i < count; i++) bytes[from + i] = (unsigned char)sp[0].i;
            sp -= 3;
            break;
        }
        case COPY: {
            int to = sp[-2].i, from = sp[-1].i, count = sp[0].i;
            if (to < 0 || from < 0 || count < 0 || from + count > CELLS || to + count > CELLS) return -6;
            for (int i = 0; i < count; i++) heap[to + i] = heap[from + i];
            sp -= 3;
            break;
        }
        case JUMP: pc = code + *pc; break;
        case TRUE: pc = sp[0].i ? code + pc[0] : pc + 1; sp--; break;
        case FALSE: pc = sp[0].i ? pc + 1 : code + pc[0]; sp--; break;
        case LOOP: if (--fp[pc[1]].i > 0) pc = code + pc[0]; else pc += 2; break;
        case CALL: { /* pc: where to, how many arguments; the frame begins with them */
            if (sp - stack > STACK - 64) return -7;
            cell *frame = sp - pc[1] + 1;
            int back = (int)(pc - code) + 2, old = (int)(fp - stack);
            sp = frame + 15;
            sp[1].i = back;
            sp[2].i = old;
            sp += 2;
            fp = frame;
            pc = code + pc[0];
            break;
        }
        case RET: {
            cell result = sp[0];
            int back = fp[16].i, old = fp[17].i;
            sp = fp;
            *sp = result;
            fp = stack + old;
            pc = code + back;
            break;
        }
        case NEG: sp[0].i = -sp[0].i; break;
        case NOT: sp[0].i = ~sp[0].i; break;
        case ABS: sp[0].i = sp[0].i < 0 ? -sp[0].i : sp[0].i; break;
        case CLZ: sp[0].i = sp[0].i ? __builtin_clz((unsigned)sp[0].i) : 32; break;
        case CTZ: sp[0].i = sp[0].i ? __builtin_ctz((unsigned)sp[0].i) : 32; break;
        case POPC: sp[0].i = __builtin_popcount((unsigned)sp[0].i); break;
        case I2L: sp[0].l = sp[0].i; break;
        case L2I: sp[0].i = (int)sp[0].l; break;
        case I2D: sp[0].d = sp[0].i; break;
        case D2I: sp[0].i = sp[0].d > -1e9 && sp[0].d < 1e9 ? (int)sp[0].d : 0; break;
        case DNEG: sp[0].d = -sp[0].d; break;
        case DABS: sp[0].d = sp[0].d < 0 ? -sp[0].d : sp[0].d; break;
        case DSQR: sp[0].d *= sp[0].d; break;
        case SWITCH: { int k = sp[0].i, n = pc[0]; sp--; pc = (unsigned)k < (unsigned)n ? code + pc[1 + k] : pc + 1 + n; break; }
        case SELECT: { int yes = sp[0].i; sp -= 2; if (!yes) sp[0] = sp[1]; break; }
        case CHECK: if (sp < stack || sp > stack + STACK - 32) return -8; break;
        default: return -9;
        }
    }
}

/* The assembler: run twice, so that labels are known the second time. */
static int here, label[LABELS];

static void op0(int op) { code[here++] = op; }
static void op1(int op, int x) { code[here++] = op; code[here++] = x; }
static void op2(int op, int x, int y) { op1(op, x); code[here++] = y; }
static void at(int name) { label[name] = here; }

enum { SIEVE, FIB, SORT, HASH, COLLATZ, FRACTAL, PROGRAMS };

static void sieve(void) { /* locals: 0 i, 1 j, 2 count */
    at(SIEVE);
    op1(PUSH, 0); op1(PUSH, 8192); op1(PUSH, 1); op0(FILL);
    op2(SETK, 0, 2); op2(SETK, 2, 0);
    at(11);
    op1(GET, 0); op0(LOADB); op1(FALSE, label[13]);
    op2(INC, 2, 1); op1(GET, 0); op1(ADD_L, 0); op1(SET, 1);
    op1(JUMP, label[14]);
    at(12);
    op1(GET, 1); op1(PUSH, 0); op0(STOREB); op1(GET, 1); op1(ADD_L, 0); op1(SET, 1);
    at(14);
    op1(GET, 1); op2(IF_LT_K, label[12], 8192);
    at(13);
    op2(INC, 0, 1); op1(GET, 0); op2(IF_LT_K, label[11], 8192);
    op1(GET, 2); op0(HALT);
}

static void fib(void) {
    at(FIB);
    op1(PUSH, 17); op2(CALL, label[20], 1); op0(HALT);
    at(20);
    op1(GET, 0); op2(IF_GE_K, label[21], 2); op1(GET, 0); op0(RET);
    at(21);
    op1(GET, 0); op1(SUB_K, 1); op2(CALL, label[20], 1);
    op1(GET, 0); op1(SUB_K, 2); op2(CALL, label[20], 1);
    op0(ADD); op0(RET);
}

static void sort(void) { /* fills 120 cells and sorts them by insertion: 0 i, 1 j, 2 value, 3 seed */
    at(SORT);
    op2(SETK, 0, 0); op2(SETK, 3, 12345);
    at(30);
    op1(GET, 3); op1(MUL_K, 1103515245); op1(ADD_K, 12345); op1(TEE, 3); op1(USHR_K, 8); op1(STOREL, 0);
    op2(INC, 0, 1); op1(GET, 0); op2(IF_LT_K, label[30], 120);
    op2(SETK, 0, 1);
    at(31);
    op1(LOADL, 0); op1(SET, 2); op2(MOVE, 1, 0);
    at(32);
    op1(GET, 1); op2(IF_EQ_K, label[33], 0);
    op1(GET, 1); op1(SUB_K, 1); op0(LOAD); op2(IF_LE_L, label[33], 2);
    op1(GET, 1); op0(DUP); op1(SUB_K, 1); op0(LOAD); op0(STORE);
    op2(INC, 1, -1); op1(JUMP, label[32]);
    at(33);
    op2(GET2, 1, 2); op0(STORE);
    op2(INC, 0, 1); op1(GET, 0); op2(IF_LT_K, label[31], 120);
    op1(PUSH, 7); op0(LOAD); op1(PUSH, 90); op0(LOAD); op0(XOR); op0(HALT);
}

static void hash(void) { /* 0 i, 1 h, 2 long */
    at(HASH);
    op2(SETK, 0, 4000); op2(SETK, 1, 7); op2(SETK, 2, 1);
    at(40);
    op1(GET, 1); op1(MIX_L, 0); op0(DUP); op1(ROTL_K, 13); op0(XOR); op1(AND_K, 0x7fffffff); op1(TEE, 1);
    op0(POPC); op1(AND_K, 3); op1(SWITCH, 4); op0(label[41]); op0(label[42]); op0(label[43]); op0(label[44]);
    op1(JUMP, label[45]);
    at(41); op1(GET, 2); op1(GET, 1); op0(I2L); op0(LADD); op1(SET, 2); op1(JUMP, label[45]);
    at(42); op1(GET, 2); op1(PUSH, 31); op0(LMUL); op1(SET, 2); op1(JUMP, label[45]);
    at(43); op1(GET, 2); op0(DUP); op1(PUSH, 17); op0(LSHR); op0(LXOR); op1(SET, 2); op1(JUMP, label[45]);
    at(44); op1(GET, 1); op0(CLZ); op1(MAX_K, 2); op1(MIN_K, 9); op1(ADD_L, 1); op1(SET, 1);
    at(45);
    op2(LOOP, label[40], 0);
    op1(GET, 2); op0(L2I); op1(XOR_L, 1); op0(HALT);
}

static void collatz(void) { /* 0 start, 1 x, 2 steps */
    at(COLLATZ);
    op2(SETK, 0, 1); op2(SETK, 2, 0);
    at(50);
    op2(MOVE, 1, 0);
    at(51);
    op1(GET, 1); op2(IF_EQ_K, label[54], 1);
    op2(INC, 2, 1); op1(GET, 1); op2(IF_BITS_K, label[52], 1);
    op1(GET, 1); op1(USHR_K, 1); op1(SET, 1); op1(JUMP, label[51]);
    at(52);
    op1(GET, 1); op1(MUL_K, 3); op1(ADD_K, 1); op1(SET, 1); op1(JUMP, label[51]);
    at(54);
    op2(INC, 0, 1); op1(GET, 0); op2(IF_LT_K, label[50], 300);
    op1(GET, 2); op0(HALT);
}

static void fractal(void) { /* 0 px, 1 py, 2 x, 3 y, 4 cx, 5 cy, 6 turns, 7 sum */
    at(FRACTAL);
    op2(SETK, 7, 0); op2(SETK, 1, 24);
    at(60);
    op2(SETK, 0, 24);
    at(61);
    op1(GET, 0); op0(I2D); op1(PUSH, 10); op0(I2D); op0(DDIV); op1(PUSH, 2); op0(I2D); op0(DSUB); op1(TEE, 4); op1(SET, 2);
    op1(GET, 1); op0(I2D); op1(PUSH, 12); op0(I2D); op0(DDIV); op1(PUSH, 1); op0(I2D); op0(DSUB); op1(TEE, 5); op1(SET, 3);
    op2(SETK, 6, 20);
    at(62);
    op1(GET, 2); op0(DSQR); op1(GET, 3); op0(DSQR); op0(DADD); op1(PUSH, 4); op0(I2D); op1(IF_DGT, label[63]);
    op1(GET, 2); op0(DSQR); op1(GET, 3); op0(DSQR); op0(DSUB); op1(GET, 4); op0(DADD);
    op2(GET2, 2, 3); op0(DMUL); op0(DUP); op0(DADD); op1(GET, 5); op0(DADD); op1(SET, 3); op1(SET, 2);
    op2(LOOP, label[62], 6);
    at(63);
    op1(GET, 7); op1(ADD_L, 6); op1(SET, 7);
    op2(LOOP, label[61], 0);
    op2(LOOP, label[60], 1);
    op1(GET, 7); op0(HALT);
}

EXPORT("run") int run(int n) {
    int sum = 0;
    for (int pass = 0; pass < 2; pass++) {
        here = 0;
        sieve(); fib(); sort(); hash(); collatz(); fractal();
    }
    for (int i = 0; i < n; i++)
        for (int program = 0; program < PROGRAMS; program++)
            sum = sum * 31 + interpret(label[program]);
    return sum;
}

MAIN(run)
