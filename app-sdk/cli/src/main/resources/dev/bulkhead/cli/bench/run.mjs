// node run.mjs FILE EXPORT N REPEATS: CPU milliseconds and result of each call in V8
import fs from 'node:fs';
const [, , file, name, n, repeats] = process.argv;
let seed = 1;
const imports = { bench: { tick: x => seed = Math.imul(seed ^ x, 1664525) + 1013904223 | 0 } };
const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), imports);
for (let i = 0; i < +repeats; i++) {
    const before = process.cpuUsage();
    const result = instance.exports[name](+n);
    const used = process.cpuUsage(before);
    console.log(((used.user + used.system) / 1000).toFixed(3), result);
}
