// One-time codes: set up with an app's arithmetic done here, asked for at the next sign-in, and a recovery code in their place.

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 6238 with SHA-1, 30 seconds, six digits, as every app has it. */
function codeOf(secret, step) {
  let bits = "";
  for (const letter of secret.replace(/[\s=-]/g, "").toUpperCase()) bits += ALPHABET.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, "0");
}

export default async function codes(house, { password }) {
  const person = await house.person({ language: "ko", width: 390, height: 844 });
  const { page } = person;
  await person.signIn("kim", password);
  await person.goto("/account/code");
  // Who signed in a moment ago need not say the password again.
  if (await page.locator('form.form [name="password"]').count()) await person.fill({ password });
  await page.locator("form.form button.main").click();
  const secret = await page.locator("#secret").innerText();
  await person.isAccessible();
  await person.fits();
  const step = Math.floor(Date.now() / 30_000);
  await person.fill({ code: codeOf(secret, step) });
  await page.locator("form.otp button.main").click();
  const recovery = await page.locator("#recovery code").allInnerTexts();
  if (recovery.length !== 10) throw new Error(`${recovery.length} recovery codes`);

  await person.goto("/");
  await page.locator("form.leave button").click();
  await person.goto("/login");
  await person.fill({ name: "kim", password });
  await page.locator("form.form button.main").click();
  await page.waitForURL("**/login/code**");
  await person.isAccessible();
  person.expected = new Set([401]);
  // The code that was good once is good no more, and half a sign-in opens nothing.
  await person.fill({ code: codeOf(secret, step) });
  await page.locator("form.form button.main").click();
  await page.locator(".callout.bad, .wrong").first().waitFor();
  await person.goto("/ip");
  if (!page.url().includes("/login/code")) throw new Error("half a sign-in opens a page");
  person.expected = new Set();
  await person.fill({ code: recovery[0] });
  await page.locator("form.form button.main").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}
