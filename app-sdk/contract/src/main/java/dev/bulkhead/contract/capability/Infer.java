package dev.bulkhead.contract.capability;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Run a model.
 *
 * @param model the model's digest, {@code sha256:} and 64 lower-case hexadecimal digits; empty stands for any model
 */
public record Infer(Optional<String> model) implements Capability {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    public Infer {
        if (model.isPresent() && !DIGEST.matcher(model.get()).matches()) {
            throw new IllegalArgumentException("a model is named by sha256: and 64 lower-case hexadecimal digits");
        }
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        if (!(authority instanceof Infer other)) {
            return List.of();
        }
        if (model.isEmpty() || model.equals(other.model)) {
            return List.of(other);
        }
        return other.model.isEmpty() ? List.of(this) : List.of();
    }

    @Override
    public String toString() {
        return "infer " + model.orElse("any");
    }
}
