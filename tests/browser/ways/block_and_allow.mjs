// An address is blocked for a day, is in the feed, and is allowed after all, so that it is there no more.

import { feed, feedIs } from "../house.mjs";

export default async function blockAndAllow(house, { password }) {
  const person = await house.person({ language: "ko" });
  const { page } = person;
  await person.signIn("kim", password);
  await page.locator("#search").fill("9.9.9.77");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ip/9.9.9.77");
  await person.sees("어느 수집처도 등재한 적이 없습니다.");

  const block = page.locator('form[action="/ip/block"]');
  await block.locator('[name="reason"]').fill("VPN 무차별 대입 <script>alert(1)</script>");
  await block.locator("button.main").click();
  await person.sees("정말");
  if ((await feed(house.base)).includes("9.9.9.77")) throw new Error("it is blocked before that was confirmed");
  await person.shot("sure");
  await person.isAccessible();
  await page.locator("form.card button.danger").click();
  await person.sees("차단했습니다");
  await feedIs(house.base, (all) => all.includes("9.9.9.77"), "what was blocked is not in the feed");
  await person.goto("/ip/9.9.9.77");
  await person.shot("blocked");

  await page.locator("summary", { hasText: /^허용$/ }).click();
  const allow = page.locator('form[action="/allow/new"]');
  await allow.locator('[name="reason"]').fill("협력사 장비였음");
  await allow.locator("button.main").click();
  await page.locator("form.card button.danger").click();
  await page.waitForURL("**/allow**");
  await feedIs(house.base, (all) => !all.includes("9.9.9.77"), "what is allowed is in the feed");
  await person.goto("/ip/9.9.9.77");
  await person.sees("협력사 장비였음");
  await person.shot("allowed");
}
