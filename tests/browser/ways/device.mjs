// A firewall is set up: what is pasted has the address and the secret in it, the secret opens the feed, and the page of the
// device says, without being loaded again, what it fetched.

export default async function device(house, { password }) {
  const person = await house.person({ language: "ko", theme: "light" });
  const { page } = person;
  await person.signIn("admin", password);
  await page.locator('nav a[data-key="f"]').click();
  await page.locator(".head .button.main").click();
  await page.getByRole("link", { name: "Fortinet FortiGate" }).click();
  await person.fill({ name: "FW-7" });
  await person.fill({ feed: "default" });
  await page.locator("form.form button.main").click();
  await page.getByText("config system external-resource").waitFor();
  await person.isAccessible();
  await person.fits();
  const pasted = await page.locator("pre").first().innerText();
  const secret = (await page.locator(".facts code").nth(1).innerText()).trim();
  if (!pasted.includes(secret) || !pasted.includes(house.base)) throw new Error(`what is pasted lacks the secret or the address:\n${pasted.replaceAll(secret, "SECRET")}`);
  const url = pasted.match(/set resource "([^"]+)"/)?.[1];
  if (!url) throw new Error("what is pasted names no resource");

  await page.getByRole("link", { name: "장비 화면으로" }).or(page.locator(".head .button.main")).first().click();
  await page.waitForURL("**/devices/FW-7");
  const user = pasted.match(/set username "([^"]+)"/)?.[1] ?? "FW-7";
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  const answer = await fetch(url, { headers: { authorization } });
  if (answer.status !== 200) throw new Error(`the feed answers ${answer.status} to what was pasted`);
  const serial = answer.headers.get("x-feed-serial");
  await page.getByText(`#${serial}`).first().waitFor({ timeout: 15_000 });
  await person.shot("fetched");
}
