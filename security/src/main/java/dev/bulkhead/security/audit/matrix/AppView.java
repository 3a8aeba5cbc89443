package dev.bulkhead.security.audit.matrix;

import java.util.List;

/**
 * What the matrix says of an app version as a whole.
 *
 * @param declaredAtMillis when it was declared last; 0 if it never was
 * @param policyEpoch under which it was declared last
 * @param imports what the signed module imports
 * @param undeclaredImports imports that no requested capability explains
 * @param budgets budgets it exceeded; {@code access} is the resource, {@code rule} the action
 */
public record AppView(
        String app,
        String version,
        String vendor,
        long declaredAtMillis,
        long policyEpoch,
        List<String> imports,
        List<String> undeclaredImports,
        List<MatrixTouch> budgets) {
    /** Copies the lists. */
    public AppView {
        imports = List.copyOf(imports);
        undeclaredImports = List.copyOf(undeclaredImports);
        budgets = List.copyOf(budgets);
    }
}
