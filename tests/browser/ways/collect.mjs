// A portal is collected from while somebody looks: the bar comes and moves, a run that breaks off says why and what to do, and
// one is cancelled beside its bar, and the next one brings listings, all without the page being loaded again. `control` is where the simulated portal is told to fail.

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

  // Another, which nobody waits for: the dialog says that the list stays, and the run ends without being a failure.
  const before = await page.locator("#source dd a").first().innerText();
  const failed = await page.locator("#runs .state.bad").count();
  await page.locator(".head form button.main").click();
  await page.locator("progress[data-run]").waitFor();
  await page.getByRole("button", { name: "수집 중단" }).click();
  await page.locator("dialog p").filter({ hasText: "등재와 피드는 바뀌지 않습니다" }).waitFor();
  await person.shot("cancel");
  await page.locator("dialog button.danger").click();
  await page.locator("#runs .state").filter({ hasText: "중단" }).waitFor({ timeout: 60_000 });
  await page.locator("progress[data-run]").waitFor({ state: "detached" });
  if ((await page.locator("#runs .state.bad").count()) !== failed) throw new Error("a cancelled run is shown as a failure");
  const now = await page.locator("#source dd a").first().innerText();
  if (now !== before) throw new Error(`${before} listings before, ${now} after a cancelled run`);
  await person.shot("cancelled");

  await fetch(`${control}/faults/stall`, { method: "DELETE" });
  await page.locator(".head form button.main").click();
  await page.locator("#runs .state.ok").first().waitFor({ timeout: 60_000 });
  const listed = Number((await page.locator("#source dd a").first().innerText()).replaceAll(",", ""));
  if (!(listed > 0)) throw new Error(`${listed} listings after a good run`);
  await person.shot("done");
  await page.locator("#source dd a").first().click();
  await page.locator("main table tbody tr").first().waitFor();
}
