// Somebody guesses passwords until they have to wait; the right one does not help them then; an admin opens the lock.

export default async function lockAndUnlock(house, { password }) {
  const guesser = await house.person({ language: "ko", width: 390, height: 844 });
  guesser.expected = new Set([401, 429]);
  const tries = async (word) => {
    await guesser.fill({ name: "kim", password: word });
    const answer = guesser.page.waitForResponse((one) => one.request().method() === "POST");
    await guesser.page.locator("form.form button.main").click();
    return (await answer).status();
  };
  await guesser.goto("/login");
  const statuses = [];
  for (let n = 0; n < 9 && statuses.at(-1) !== 429; n += 1) {
    statuses.push(await tries(`wrong guess ${n}`));
    await guesser.page.locator("form.form").waitFor();
  }
  if (statuses.at(-1) !== 429) throw new Error(`guessing is never slowed down: ${statuses}`);
  if (statuses.slice(0, 5).some((status) => status !== 401)) throw new Error(`five tries are everybody's: ${statuses}`);
  await guesser.isAccessible();
  await guesser.fits();
  await guesser.shot("locked");

  const admin = await house.person({ language: "en" });
  await admin.signIn("admin", password);
  await admin.goto("/settings/locks");
  await admin.page.locator("#locks").getByText("kim").first().waitFor();
  await admin.shot("locks");
  await admin.goto("/logs/attempts");
  await admin.page.locator("main table").getByText("kim").first().waitFor();
  await admin.goto("/settings/locks");
  while (await admin.page.locator('form[action="/settings/locks"] button').count()) {
    await admin.page.locator('form[action="/settings/locks"] button').first().click();
    await admin.page.waitForURL("**/settings/locks?**");
  }
  await guesser.signIn("kim", password);
  await guesser.shot("in");
}
