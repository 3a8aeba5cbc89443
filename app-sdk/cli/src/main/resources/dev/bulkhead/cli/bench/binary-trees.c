/* Allocates, walks and frees many binary trees: pointers, recursion, an allocator in guest memory. */
#include "program.h"

typedef struct node {
    struct node *left, *right;
} node;

enum { POOL = 1 << 20 };
static node pool[POOL];
static node *spare;
static int fresh;

static node *take(void) {
    if (spare) {
        node *taken = spare;
        spare = taken->left;
        return taken;
    }
    return fresh < POOL ? &pool[fresh++] : 0;
}

static void give(node *n) {
    n->left = spare;
    spare = n;
}

static node *grow(int depth) {
    node *n = take();
    if (depth > 0) {
        n->left = grow(depth - 1);
        n->right = grow(depth - 1);
    } else {
        n->left = 0;
        n->right = 0;
    }
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
    give(n);
}

EXPORT("run") int run(int depth) {
    spare = 0;
    fresh = 0;
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
    return check + count(lasting);
}

MAIN(run)
