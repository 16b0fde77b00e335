// Shows the pages whose title or question has all the words that are typed. Without this script all pages are shown.
const form = document.querySelector("form[role=search]");
const pages = [...document.querySelectorAll("ul.cards > li, ul.pages > li")];
const wordsOf = (page) => [...page.querySelectorAll("h3, .question, :scope > a")].map((part) => part.textContent).join(" ").toLowerCase();
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector("input").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/);
  for (const page of pages) page.hidden = !words.every((word) => wordsOf(page).includes(word));
  const found = pages.filter((page) => !page.hidden).length;
  form.querySelector("output").textContent = event.target.value ? `${found} of ${pages.length} pages` : "";
});
