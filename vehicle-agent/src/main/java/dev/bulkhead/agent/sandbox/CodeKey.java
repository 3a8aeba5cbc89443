package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.nio.charset.StandardCharsets;

/**
 * All that decides what is compiled and whether it may be: code kept under one key serves every module and engine that has the same.
 *
 * @param module digest of the module's bytes
 * @param generator version of the code generator
 * @param limits what the module was validated under
 * @param jvm version of the virtual machine
 */
record CodeKey(String module, int generator, ReaderLimits limits, CodeForm form, String jvm) {
    /** The key here and now. */
    static CodeKey of(String module, ReaderLimits limits, CodeForm form) {
        return new CodeKey(module, ModuleCompiler.VERSION, limits, form, System.getProperty("java.vm.version"));
    }

    /** As lower-case hex. */
    String hex() {
        String all = String.join("\n", module, "codegen " + generator, limits.text(), form.name(), jvm);
        return LoadedModule.sha256(all.getBytes(StandardCharsets.UTF_8));
    }
}
