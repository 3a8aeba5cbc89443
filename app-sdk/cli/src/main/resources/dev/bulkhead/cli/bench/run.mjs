// CPU milliseconds and result of each call in V8: node run.mjs FILE EXPORT N REPEATS, or without the last two a call for each number N on standard input
import fs from 'node:fs';
import readline from 'node:readline';
const [, , file, name, n, repeats] = process.argv;
let seed = 1;
const imports = { bench: { tick: x => seed = Math.imul(seed ^ x, 1664525) + 1013904223 | 0 } };
const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), imports);
function call(n) {
    const before = process.cpuUsage();
    const result = instance.exports[name](+n);
    const used = process.cpuUsage(before);
    console.log(((used.user + used.system) / 1000).toFixed(3), result);
}
if (n === undefined) {
    for await (const line of readline.createInterface({ input: process.stdin })) {
        call(line);
    }
} else {
    for (let i = 0; i < +repeats; i++) {
        call(n);
    }
}
