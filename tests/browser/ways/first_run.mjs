// A new house, from the password that the first start prints to a firewall that reads its list, as an admin is led. `once` is
// that password, `password` the one that is chosen, `portal` a simulated one and how to log in to it.

import { feedIs } from "../house.mjs";

export default async function firstRun(house, { once, password, portal }) {
  const person = await house.person({ language: "ko", theme: "light" });
  const { page } = person;
  const next = async (button = "form.form button.main") => {
    await person.fits();
    await person.isAccessible();
    await page.locator(button).first().click();
  };
  await person.goto("/login");
  await person.fill({ name: "admin", password: once });
  await next();
  await page.waitForURL("**/password**");
  // A password that everybody tries first is refused, and says why.
  person.expected = new Set([400, 422]);
  const words = async (word) => {
    for (const name of ["current", "new", "again"]) {
      const field = page.locator(`form.form [name="${name}"]`);
      if (await field.count()) await field.fill(name === "current" ? once : word);
    }
  };
  await words("password1234");
  await next();
  await page.locator(".wrong, .callout.bad").first().waitFor();
  person.expected = new Set();
  await words(password);
  await next();

  await page.waitForURL("**/start/view");
  await person.shot("1-view");
  await next();
  await page.waitForURL("**/start/own");
  await person.fill({ more: "203.0.113.0/24" });
  await person.shot("2-own");
  await next();
  await page.waitForURL("**/start/source");
  await person.shot("3-source");
  await page.locator('a[href="/start/source?pick=regtech"]').click();
  await person.fill({ username: portal.user, secret: portal.password, url: portal.url });
  await next();
  await page.locator("#watch .state.ok").first().waitFor({ timeout: 60_000 });
  await person.shot("4-collected");
  await page.locator("#watch-go a.main").click();
  await page.waitForURL("**/start/device");
  await page.locator('a[href="/start/device?vendor=fortigate"]').click();
  await person.fill({ name: "FW-1" });
  await next();
  await page.getByText("config system external-resource").waitFor();
  await person.shot("5-device");
  await page.locator(".stage a.main").last().click();
  await page.waitForURL("**/start/done");
  await person.fits();
  await person.isAccessible();
  await person.shot("6-done");

  await feedIs(house.base, (all) => all.length > 100, "the feed is as good as empty after the first steps");
  await page.locator(".stage a.main").last().click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.locator(".pub b").filter({ hasText: "#" }).waitFor();
  await person.shot("7-dashboard");
}
