// A file is sent by the page: first what would change, then the deed, and what the gate would hold is said before. Nothing is typed
// twice, and the keyboard is enough. `list` and `jump` are the texts of two files.

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

export default async function upload(house, { password, list, jump }) {
  const person = await house.person({ language: "ko" });
  const { page } = person;
  await person.signIn("kim", password);
  await page.locator('nav a[data-key="c"]').click();
  await page.getByRole("link", { name: "파일 올리기" }).click();
  await page.waitForURL("**/collect/upload");
  await person.isAccessible();
  await person.shot("form");

  await page.locator("#file").setInputFiles(file("list.txt", list));
  await page.locator("#name").fill("partner");
  await page.getByRole("button", { name: "먼저 보기" }).click();
  await page.locator("#listings").filter({ hasText: "신규 2 " }).waitFor();
  await page.locator("main code").filter({ hasText: "10.0.0.1" }).waitFor();
  await person.isAccessible();
  await person.shot("look");
  await page.getByRole("button", { name: "반영하기" }).click();
  await page.waitForURL("**/collect/partner?done=imported");
  const listed = await page.locator("#source dd a").first().innerText();
  if (listed !== "2") throw new Error(`${listed} listings after the import`);
  await person.shot("imported");

  // The source is chosen already; the file is far more than it had.
  await page.getByRole("link", { name: "파일 올리기" }).click();
  if ((await page.locator("#source").inputValue()) !== "partner") throw new Error("the source is not chosen");
  await page.locator("#file").setInputFiles(file("jump.txt", jump));
  await page.getByRole("button", { name: "먼저 보기" }).click();
  await page.locator("#held").waitFor();
  await person.isAccessible();
  await person.shot("held");
  await page.getByRole("button", { name: "반영하기" }).click();
  await page.waitForURL("**/collect/partner?done=held");
}
