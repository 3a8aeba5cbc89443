package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
    @Test
    void plusStandsForOneLevelAndHashForTheRest() {
        TopicFilter filter = new TopicFilter("a/+/c/#");
        assertTrue(filter.matches("a/b/c"));
        assertTrue(filter.matches("a/b/c/d/e"));
        assertFalse(filter.matches("a/c"));
        assertFalse(filter.isExact());
    }

    @Test
    void intersectsToTheNarrower() {
        assertEquals(List.of(new TopicFilter("a/b")), new TopicFilter("a/+").intersect(new TopicFilter("+/b")));
        assertEquals(List.of(), new TopicFilter("a/+").intersect(new TopicFilter("b/#")));
        assertTrue(new TopicFilter("#").contains(new TopicFilter("a/+/#")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "a+/b", "a/#/b", "$SYS/x", "a b", "a/\u0000", "a*"})
    void refusesWhatIsNoFilter(String text) {
        assertThrows(IllegalArgumentException.class, () -> new TopicFilter(text));
    }
}
