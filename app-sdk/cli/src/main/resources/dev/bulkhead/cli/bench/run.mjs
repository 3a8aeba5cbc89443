// node run.mjs FILE EXPORT N REPEATS: CPU milliseconds and result of each call in V8
import fs from 'node:fs';
const [, , file, name, n, repeats] = process.argv;
const imports = { bench: { tick: x => Math.imul(x, 1664525) + 1013904223 | 0 } };
const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), imports);
for (let i = 0; i < +repeats; i++) {
    const before = process.cpuUsage();
    const result = instance.exports[name](+n);
    const used = process.cpuUsage(before);
    console.log(((used.user + used.system) / 1000).toFixed(3), result);
}
