// Every page as one kind of reader sees it. `pages` are paths, filled in, and what each answers; `password` is that of admin.

export default async function everyPage(house, { pages, password, reader }) {
  const person = await house.person(reader);
  await person.signIn("admin", password);
  for (const { path, status } of pages) {
    person.expected = new Set([status]);
    const answer = await person.goto(path);
    if (answer.status() !== status) house.wrong.push(`${path}: ${answer.status()}, not ${status}`);
    const { lang, headings } = await person.page.evaluate(() => ({
      lang: document.documentElement.lang,
      headings: document.querySelectorAll("h1").length,
    }));
    if (lang !== reader.language) house.wrong.push(`${path}: is in ${lang} for a reader of ${reader.language}`);
    if (headings !== 1) house.wrong.push(`${path}: ${headings} main headings`);
    await person.fits();
    await person.isAccessible();
    const name = path.replace(/^\//, "").replace(/[^\w.-]+/g, "-") || "dashboard";
    await person.shot(`${name}.${reader.language}.${reader.width}.${reader.theme}`);
  }
}
