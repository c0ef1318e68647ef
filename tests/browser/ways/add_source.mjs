// A list behind an address becomes a source, is collected at once, and its addresses are in the feed. `url` is the list.

import { feedIs } from "../house.mjs";

export default async function addSource(house, { password, url, address }) {
  const person = await house.person({ language: "en" });
  const { page } = person;
  await person.signIn("admin", password);
  await page.locator('nav a[data-key="c"]').click();
  await page.getByRole("link", { name: "Add a source" }).click();
  await page.getByRole("link", { name: "url", exact: true }).click();
  // What is typed wrong is told beside the field, and nothing that was typed is lost.
  person.expected = new Set([400, 409, 422]);
  await person.fill({ name: "Not A Name", url });
  await page.locator("form.form button.main").click();
  await page.locator(".wrong, .callout.bad").first().waitFor();
  if ((await page.locator('[name="url"]').inputValue()) !== url) throw new Error("what was typed is gone");
  person.expected = new Set();
  await person.fill({ name: "ours", url });
  await page.locator("form.form button.main").click();
  await page.waitForURL("**/collect/ours**");
  await page.locator(".head form button.main").click();
  await page.locator("#runs .state.ok").first().waitFor({ timeout: 30_000 });
  await person.shot("collected");
  await feedIs(house.base, (all) => all.includes(address), `${address} is not in the feed`);
  await person.goto(`/ip/${address}`);
  await person.sees("ours");
}
