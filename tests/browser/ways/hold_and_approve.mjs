// What the gate held is looked at and approved: once a click that is taken back, then for good; the feed follows.

import { feed, feedIs } from "../house.mjs";

export default async function holdAndApprove(house, { password }) {
  const before = (await feed(house.base)).length;
  const person = await house.person({ language: "en", theme: "light" });
  const { page } = person;
  await person.signIn("kim", password);
  await page.locator('nav a[data-key="p"]').click();
  await person.sees("The gate holds a publication");
  await page.getByRole("link", { name: "Look at it and decide" }).click();
  await person.sees("more than 50 %");
  await page.locator('[name="note"]').first().fill("the portal said so");

  await page.getByRole("button", { name: "Approve and publish" }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.getByText("would go").waitFor();
  await person.shot("asked");
  await dialog.getByRole("button").first().click();
  await dialog.waitFor({ state: "detached" });
  if ((await feed(house.base)).length !== before) throw new Error("it was published although the dialog was closed");

  await page.getByRole("button", { name: "Approve and publish" }).click();
  await page.locator('dialog[open] button[value="yes"]').click();
  await page.waitForURL((url) => !url.pathname.endsWith("/approve"));
  await person.sees("approved");
  await feedIs(house.base, (all) => all.length === before - 298, "the feed is not what was approved");
  await person.goto("/publications");
  await person.sees("the portal said so");
  await person.shot("published");
}
