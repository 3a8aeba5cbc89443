package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.WasmModule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.MethodTooLargeException;

/** Says in the module's terms what the format of classes has no room for. */
final class TooLarge {
    private static final Pattern OF_A_FUNCTION = Pattern.compile("[bfsex](\\d+)([_p]\\d+)*");
    private static final Pattern OF_A_GROUP = Pattern.compile(RuntimeNames.PACKAGE + "[FSP](\\d+)(_\\d+)?");

    private TooLarge() {}

    static NotCompilableException refused(WasmModule module, MethodTooLargeException e) {
        Matcher function = OF_A_FUNCTION.matcher(e.getMethodName());
        String what =
                function.matches() ? function(module, Integer.parseInt(function.group(1))) : part(e.getClassName());
        return new NotCompilableException(what + " is too large to compile: " + e.getCodeSize()
                + " bytes of JVM code, at most 65535 are possible");
    }

    static NotCompilableException refused(WasmModule module, ClassTooLargeException e) {
        Matcher group = OF_A_GROUP.matcher(e.getClassName());
        String what = group.matches() ? group(module, Integer.parseInt(group.group(1))) : part(e.getClassName());
        return new NotCompilableException(what + " is too large to compile: " + e.getConstantPoolCount()
                + " JVM constants, at most 65535 are possible");
    }

    private static String function(WasmModule module, int function) {
        String plain = "function " + function;
        String name = module.nameOf(function);
        return name.equals(plain) ? plain : plain + " (" + name + ")";
    }

    private static String group(WasmModule module, int number) {
        int first = ModuleShape.firstOfClass(number);
        int last = Math.min(ModuleShape.firstOfClass(number + 1), module.functionCount()) - 1;
        return "the code from " + function(module, first) + " to " + function(module, last);
    }

    /** Everything else has its cases spread out, so that no module within the limits is refused for it. */
    private static String part(String className) {
        String name = className.substring(RuntimeNames.PACKAGE.length());
        if (name.startsWith("Dispatch")) {
            return "the module's table of indirect calls";
        }
        return name.startsWith("Tail") || name.startsWith("Cases_r")
                ? "the module's table of tail calls"
                : "the module's table of globals, imports and exports";
    }
}
