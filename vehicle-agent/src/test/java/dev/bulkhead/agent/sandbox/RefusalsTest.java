package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import org.junit.jupiter.api.Test;

/** Every refusal says where, what was found and what would have been accepted. */
final class RefusalsTest {
    private static final Limits SMALL = new Limits(1 << 20, 1 << 20, 10, 10, 10, 1_000, 10_000, 100, 10, 10);
    private static final int I32_CONST = 0x41;
    private static final int I32_ADD = 0x6A;

    private static void refused(Reason reason, String says, RawModule module) {
        AdmissionException refusal =
                assertThrows(AdmissionException.class, () -> Wat.compile(module.bytes(), SMALL), says);
        assertEquals(reason, refusal.reason(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(says + " (at offset 0x"), refusal.getMessage());
    }

    private static RawModule importing(int functions) {
        return new RawModule()
                .plainType()
                .section(2, functions, part -> part.name("app").name("fail").raw(0, 0));
    }

    @Test
    void importsCountAmongTheFunctions() {
        Wat.compile(importing(6).functions(4, body -> body.raw(0)).bytes(), SMALL);
        refused(
                Reason.OVER_LIMIT,
                "12 functions, 6 of them imports, at most 10 are accepted",
                importing(6).functions(6, body -> body.raw(0)));
        refused(Reason.OVER_LIMIT, "11 imports, at most 10 are accepted", importing(11));
    }

    @Test
    void namesTheFunctionAndTheDepthOfNestedBlocks() {
        String says = "in function 0: 11 blocks nested in one another, at most 10 are accepted";
        refused(
                Reason.OVER_LIMIT,
                says,
                new RawModule()
                        .plainType()
                        .functions(
                                1,
                                body -> body.raw(0)
                                        .times(11, each -> each.raw(0x02, 0x40))
                                        .times(11, each -> each.raw(RawModule.END))));
    }

    @Test
    void namesTheStepsOfALongConstantExpression() {
        refused(
                Reason.OVER_LIMIT,
                "10001 steps or more in one constant expression, at most 10000 are accepted",
                new RawModule()
                        .section(
                                6,
                                1,
                                global -> global.raw(RawModule.I32, 0, I32_CONST, 0)
                                        .times(5_000, each -> each.raw(I32_CONST, 0, I32_ADD))
                                        .raw(RawModule.END)));
    }

    @Test
    void takesAConstantExpressionOfAsManyStepsAsMayBe() {
        Wat.compile(
                new RawModule()
                        .section(
                                6,
                                1,
                                global -> global.raw(RawModule.I32, 0, I32_CONST, 0)
                                        .times(4_999, each -> each.raw(I32_CONST, 0, I32_ADD))
                                        .raw(RawModule.END))
                        .bytes(),
                SMALL);
    }

    @Test
    void namesTheSizeOfAMemoryThatCannotBe() {
        refused(
                Reason.INVALID,
                "memory size (pages) must be at most 65536, not 65537",
                new RawModule().section(5, 1, memory -> memory.raw(0).number(65_537)));
        refused(
                Reason.INVALID,
                "size minimum 3 must not be greater than maximum 2",
                new RawModule().section(5, 1, memory -> memory.raw(1, 3, 2)));
    }

    @Test
    void namesWhereAModuleGoesBeyondItsLimit() {
        AdmissionException refusal =
                assertThrows(AdmissionException.class, () -> Wat.compile(new byte[(1 << 20) + 1], SMALL));
        assertEquals(
                "module of 1048577 bytes, at most 1048576 are accepted (at offset 0x100000)", refusal.getMessage());
    }

    @Test
    void namesTheMemoryThatIsAboveTheBudgetOfAnInstance() {
        CompiledModule module = Wat.compile("(module (memory 2))");
        AdmissionException refusal = assertThrows(
                AdmissionException.class,
                () -> module.instantiate(Wat.imports(), Budget.unlimitedCpu(65_536), CpuMeter.unlimited()));
        assertEquals(Reason.MEMORY_OVER_BUDGET, refusal.reason());
        assertTrue(
                refusal.getMessage().contains("131072 bytes are above the budget of 65536 bytes (at offset 0x"),
                refusal.getMessage());
    }

    @Test
    void namesTheTableThatIsAboveTheBudget() {
        RawModule table = new RawModule().section(4, 1, part -> part.raw(RawModule.FUNCREF, 0, 9));
        AdmissionException refusal = assertThrows(
                AdmissionException.class,
                () -> Wat.compile(table.bytes(), new Limits(1_000, 35, 10, 10, 10, 1_000, 10_000, 100, 10, 10)));
        assertTrue(
                refusal.getMessage().contains("36 bytes are above the budget of 35 bytes (at offset 0xb)"),
                refusal.getMessage());
    }

    @Test
    void namesTheFunctionWhoseSignatureCarriesAnException() {
        refused(
                Reason.UNSUPPORTED,
                "exnref in the signature of function 1 is not accepted: exception references live within a function",
                new RawModule()
                        .section(1, part -> part.number(2).raw(0x60, 0, 0).raw(0x60, 1, 0x69, 0))
                        .section(3, part -> part.number(2).raw(0, 1))
                        .section(10, 2, body -> body.raw(2, 0, RawModule.END)));
    }

    @Test
    void namesTheImportThatIsNotLinked() {
        CompiledModule module = Wat.compile(importing(1).bytes(), SMALL);
        AdmissionException refusal = assertThrows(
                AdmissionException.class,
                () -> module.instantiate(
                        HostImports.builder().build(), Budget.unlimitedCpu(65_536), CpuMeter.unlimited()));
        assertTrue(refusal.getMessage().contains("app.fail () is not linked (at offset 0x"), refusal.getMessage());
    }
}
