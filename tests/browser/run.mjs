// node run.mjs WAY: runs the way of that name (ways/WAY.mjs) with what standard input says, as JSON: {base, shots, ...}.
// Exit 0 when nothing went wrong; else what went wrong is on standard error.

import { text } from "node:stream/consumers";
import { start } from "./house.mjs";

const [name] = process.argv.slice(2);
const given = JSON.parse(await text(process.stdin));
const { default: way } = await import(`./ways/${name}.mjs`);
const house = await start(given);
try {
  await way(house, given);
} catch (error) {
  house.wrong.push(error.stack);
}
try {
  await house.close();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
