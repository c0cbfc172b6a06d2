// Filters of a report, links to folded tests, and copying of commands. Without it the page can be read all the same.
(() => {
  const form = document.querySelector(".filters");
  const chips = [...document.querySelectorAll(".chip")];
  const rows = [...document.querySelectorAll(".requirement")];
  const tests = [...document.querySelectorAll(".test")];

  /** Outcomes of tests that belong to a standing of requirements. */
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

  /** A test that is linked to is unfolded, and shown whatever the filter. */
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
    if (!navigator.clipboard) continue; // not for pages that are no secure context
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
