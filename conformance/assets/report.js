// Filters, links to folded tests, and copy buttons of a report. The page is readable without this script.
(() => {
  const form = document.querySelector(".filters");
  const chips = [...document.querySelectorAll(".chip")];
  const rows = [...document.querySelectorAll(".requirement")];
  const tests = [...document.querySelectorAll(".test")];

  /** The outcomes of tests that match each standing of requirements. */
  const outcomes = {
    violated: ["fail", "error"],
    known: ["known"],
    "not-met": ["warn"],
    unverified: ["inconclusive", "not-run"],
    verified: ["pass"],
    observed: ["info"],
    "n/a": ["n/a"],
  };

  function filter() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const standings = chips
      .filter((chip) => chip.ariaPressed === "true")
      .map((chip) => chip.dataset.standing);
    const wanted = standings.flatMap((standing) => outcomes[standing]);
    const fits = (element) => words.every((word) => element.textContent.toLowerCase().includes(word));
    for (const row of rows)
      row.hidden = !(fits(row) && (standings.length === 0 || standings.includes(row.dataset.standing)));
    for (const test of tests)
      test.hidden = !(fits(test) && (wanted.length === 0 || wanted.includes(test.dataset.outcome)));
    for (const body of document.querySelectorAll(".matrix tbody"))
      body.hidden = [...body.querySelectorAll(".requirement")].every((row) => row.hidden);
    const share = (all) => `${all.filter((element) => !element.hidden).length} of ${all.length}`;
    form.querySelector("output").value = `${share(rows)} requirements, ${share(tests)} tests`;
  }

  /** Unfold the linked test, and show it whatever the filter is. */
  function open() {
    const test = document.getElementById(location.hash.slice(1));
    if (!test?.classList.contains("test")) return;
    test.hidden = false;
    test.open = true;
    test.scrollIntoView();
  }

  for (const chip of chips)
    chip.addEventListener("click", () => {
      chip.ariaPressed = String(chip.ariaPressed !== "true");
      filter();
    });
  for (const button of document.querySelectorAll(".copy")) {
    if (!navigator.clipboard) continue; // absent unless the page is a secure context
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.nextElementSibling.textContent);
      button.textContent = "copied";
    });
  }
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();
  }
  addEventListener("hashchange", open);
  open();
})();
