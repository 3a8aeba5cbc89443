package dev.bulkhead.hal.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signal values as JSON and as text a person types. */
public final class JsonValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonValues() {}

    /** The value, or empty when the JSON is not one of this type. */
    public static Optional<SignalValue> parse(JsonNode json, Datatype type) {
        if (type.isArray()) {
            return array(json, type);
        }
        if (type == Datatype.STRING) {
            return json.isTextual() ? Optional.of(new SignalValue.Text(json.asText())) : Optional.empty();
        }
        if (type == Datatype.BOOLEAN) {
            return json.isBoolean() ? Optional.of(SignalValue.of(json.asBoolean())) : Optional.empty();
        }
        return json.isNumber() ? scalar(json, type) : Optional.empty();
    }

    private static Optional<SignalValue> scalar(JsonNode json, Datatype type) {
        if (type.isReal() || !json.isIntegralNumber()) {
            double value = json.asDouble();
            return type.holds(value)
                    ? Optional.of(new SignalValue.Scalar(type, type.fromDouble(value)))
                    : Optional.empty();
        }
        BigInteger value = json.bigIntegerValue();
        boolean fits = type == Datatype.UINT64
                ? value.signum() >= 0 && value.bitLength() <= 64
                : value.bitLength() <= 63 && type.holds(value.longValue());
        return fits ? Optional.of(new SignalValue.Scalar(type, value.longValue())) : Optional.empty();
    }

    private static Optional<SignalValue> array(JsonNode json, Datatype type) {
        if (!json.isArray() || json.size() > SignalValue.MAX_ELEMENTS) {
            return Optional.empty();
        }
        List<SignalValue> items = new ArrayList<>(json.size());
        for (JsonNode item : json) {
            Optional<SignalValue> parsed = parse(item, type.element());
            if (parsed.isEmpty()) {
                return Optional.empty();
            }
            items.add(parsed.get());
        }
        return Optional.of(new SignalValue.Items(type, items));
    }

    /** The value as JSON. Numbers that JSON does not have (infinities) become text. */
    public static JsonNode toJson(SignalValue value) {
        return switch (value) {
            case SignalValue.Text text -> NODES.textNode(text.text());
            case SignalValue.Scalar scalar -> toJson(scalar);
            case SignalValue.Items items -> {
                ArrayNode array = NODES.arrayNode(items.items().size());
                items.items().forEach(item -> array.add(toJson(item)));
                yield array;
            }
        };
    }

    private static JsonNode toJson(SignalValue.Scalar scalar) {
        Datatype type = scalar.type();
        if (type == Datatype.BOOLEAN) {
            return NODES.booleanNode(scalar.bits() != 0);
        }
        if (type == Datatype.UINT64) {
            return NODES.numberNode(new BigInteger(Long.toUnsignedString(scalar.bits())));
        }
        if (!type.isReal()) {
            return NODES.numberNode(scalar.bits());
        }
        double real = scalar.asDouble();
        if (Double.isInfinite(real)) {
            return NODES.textNode(Double.toString(real));
        }
        return type == Datatype.FLOAT ? NODES.numberNode((float) real) : NODES.numberNode(real);
    }
}
