// A portal is collected from while somebody looks: the bar comes and moves, a run that breaks off says why and what to do, and
// the next one brings listings, all without the page being loaded again. `control` is where the simulated portal is told to fail.

export default async function collect(house, { password, control }) {
  const person = await house.person({ language: "ko" });
  const { page } = person;
  await person.signIn("admin", password);
  await page.locator('nav a[data-key="c"]').click();
  await page.getByRole("link", { name: "regtech" }).click();
  await page.waitForURL("**/collect/regtech");

  await fetch(`${control}/faults/stall`, { method: "PUT" });
  await page.locator(".head form button.main").click();
  await page.locator("progress[data-run]").waitFor();
  await page.locator("[data-run-text]").filter({ hasText: "중" }).waitFor();
  await person.isAccessible();
  await person.shot("running");
  let loads = 0;
  page.on("load", () => { loads += 1; });
  await page.locator("#runs .state.bad").first().waitFor({ timeout: 60_000 });
  await page.locator("progress[data-run]").waitFor({ state: "detached" });
  await person.shot("failed");
  if (loads !== 0) throw new Error("the page was loaded again");

  await fetch(`${control}/faults/stall`, { method: "DELETE" });
  await page.locator(".head form button.main").click();
  await page.locator("#runs .state.ok").first().waitFor({ timeout: 60_000 });
  const listed = Number((await page.locator("#source dd a").first().innerText()).replaceAll(",", ""));
  if (!(listed > 0)) throw new Error(`${listed} listings after a good run`);
  await person.shot("done");
  await page.locator("#source dd a").first().click();
  await page.locator("main table tbody tr").first().waitFor();
}
