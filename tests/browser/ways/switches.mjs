// What one sees with and without a mouse: keys, language, zone and colours; and what others do comes by itself.

export default async function switches(house, { password }) {
  const person = await house.person({ language: "ko" });
  const { page } = person;
  await person.signIn("admin", password);
  const is = async (what, wanted) => {
    const got = await page.evaluate((name) => document.documentElement.getAttribute(name), what);
    if (got !== wanted) throw new Error(`${what} is ${got}, not ${wanted}`);
  };
  for (const [set, what, wanted] of [["en", "lang", "en"], ["light", "data-theme", "light"], ["dark", "data-theme", "dark"], ["ko", "lang", "ko"]]) {
    await page.locator(`.rail .switches button[value="${set}"]`).click();
    await page.waitForLoadState("load");
    await is(what, wanted);
  }
  await person.goto("/publications");
  const times = async () => page.locator("main time").first().getAttribute("title").catch(() => null);
  const inSeoul = [await page.locator("main").innerText(), await times()].join();
  await page.locator('.rail .switches button[value="utc"]').click();
  await page.waitForLoadState("load");
  if ([await page.locator("main").innerText(), await times()].join() === inSeoul) throw new Error("UTC shows the same as KST");

  await page.locator("body").press("g");
  await page.locator("body").press("i");
  await page.waitForURL("**/ip");
  await page.keyboard.press("/");
  if ((await page.evaluate(() => document.activeElement.id)) !== "search") throw new Error("/ does not lead to the search");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
  await person.isAccessible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.locator("tr[data-at]").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ip/*");

  // The first thing that the keyboard reaches leads past the navigation.
  await person.goto("/");
  await page.keyboard.press("Tab");
  if (!(await page.evaluate(() => document.activeElement.matches(".skip")))) throw new Error("Tab does not begin with the way to the content");

  // Somebody else blocks something: this dashboard says so without being loaded again.
  let loads = 0;
  page.on("load", () => { loads += 1; });
  const other = await house.person({ language: "en" });
  await other.signIn("kim", password);
  await other.goto("/ip/9.9.9.99");
  await other.page.locator('form[action="/ip/block"] [name="reason"]').fill("seen just now");
  await other.page.locator('form[action="/ip/block"] button.main').click();
  await other.page.locator("form.card button.danger").click();
  await other.sees("Blocked.");
  const serial = (await other.page.locator(".version").innerText()).match(/#(\d+)/)[1];
  await page.locator(".pub b").filter({ hasText: `#${serial}` }).waitFor({ timeout: 15_000 });
  if (loads !== 0) throw new Error("the dashboard was loaded again");

  await page.locator("form.leave button").click();
  await page.waitForURL("**/login**");
  await person.goto("/ip");
  await page.waitForURL("**/login?next=%2Fip");
}
