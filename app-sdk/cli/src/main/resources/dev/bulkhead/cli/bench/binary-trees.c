/* Allocates, walks and frees many binary trees: pointers, recursion, a general allocator in the program's own memory. */
#include "program.h"

typedef unsigned long word;

/* A small allocator with a header for each block and a list of free blocks for each size class. */
enum { ARENA = 96 << 20, CLASSES = 32, STEP = 16 };
static char arena[ARENA] __attribute__((aligned(16)));
static word used;
static void *spare[CLASSES];

static __attribute__((noinline)) void *allocate(word bytes) {
    word class = (bytes + STEP - 1) / STEP;
    if (class >= CLASSES)
        return 0;
    if (spare[class]) {
        void *block = spare[class];
        spare[class] = *(void **)block;
        return block;
    }
    word size = class * STEP + STEP;
    if (size > ARENA - used)
        return 0;
    word *header = (word *)(arena + used);
    used += size;
    *header = class;
    return (char *)header + STEP;
}

static __attribute__((noinline)) void release(void *block) {
    word class = *(word *)((char *)block - STEP);
    *(void **)block = spare[class];
    spare[class] = block;
}

typedef struct node {
    struct node *left, *right;
} node;

static node *grow(int depth) {
    node *n = allocate(sizeof(node));
    n->left = depth > 0 ? grow(depth - 1) : 0;
    n->right = depth > 0 ? grow(depth - 1) : 0;
    return n;
}

static int count(const node *n) {
    return n->left ? 1 + count(n->left) + count(n->right) : 1;
}

static void fell(node *n) {
    if (n->left) {
        fell(n->left);
        fell(n->right);
    }
    release(n);
}

EXPORT("run") int run(int depth) {
    int check = 0;
    node *lasting = grow(depth);
    for (int d = 4; d <= depth; d += 4) {
        int trees = 1 << (depth - d + 4);
        for (int i = 0; i < trees; i++) {
            node *tree = grow(d);
            check += count(tree);
            fell(tree);
        }
    }
    check += count(lasting);
    fell(lasting);
    return check;
}

MAIN(run)
