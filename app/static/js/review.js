// What a script adds to the review page: keys between answers and marks, counts of marks and ticks, the first reading. The page works
// without it. Single keys can be turned off, and the choice stays in this browser (WCAG 2.1.4).

const STORE = "onepact-review-keys";
const answers = [...document.querySelectorAll("[data-op-answer]")];
const list = document.querySelector("[data-op-keys]");
const choice = document.querySelector("[data-op-keys-on]");
let current = -1;

function areOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function go(to) {
  if (!answers.length) return;
  current = Math.min(Math.max(to, 0), answers.length - 1);
  answers[current].focus({ preventScroll: true });
  answers[current].scrollIntoView({ block: "center" });
}

/** The lines of the checklist that are about the step of an answer. */
function checksFor(answer) {
  const step = answer?.closest("section[id^='step-']")?.id;
  return [...document.querySelectorAll(".op-check")].filter((line) => line.querySelector(`a[href="#${step}"]`));
}

/** Mark the line that has the focus, or the next open line about the answer that is read. */
function mark(value) {
  const focused = document.activeElement?.closest(".op-check");
  const lines = focused ? [focused] : checksFor(answers[Math.max(current, 0)]);
  const line = lines.find((each) => !each.querySelector("input:checked")) ?? lines[0];
  const box = line?.querySelector(`input[value="${value}"]`);
  if (!box) return;
  box.checked = true;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
  line.scrollIntoView({ block: "nearest" });
}

function comment() {
  if (current < 0) go(0);
  const box = answers[current]?.querySelector("[data-op-say]");
  if (!box) return;
  box.closest("details").open = true;
  box.focus();
}

function showKeys() {
  list?.scrollIntoView({ block: "center" });
  choice?.focus();
}

const KEYS = {
  j: () => go(current + 1),
  k: () => go(current - 1),
  1: () => mark("yes"),
  2: () => mark("no"),
  3: () => mark("unsure"),
  c: comment,
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-op-say]");
  if (box && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    box.closest("details").querySelector("[data-op-post]").click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !areOn()) return;
  const typing = event.target.closest?.("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");
  if (typing || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

for (const [place, answer] of answers.entries()) {
  answer.addEventListener("focusin", () => (current = place));
}

if (list && choice) {
  list.hidden = false;
  choice.checked = areOn();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, choice.checked ? "on" : "off");
    } catch {
      // No store in this browser: the keys stay as they are.
    }
  });
}

// "3 of 5" beside the checklist follows the marks.
const count = document.querySelector("[data-op-checked]");
if (count) {
  const words = count.textContent;
  document.addEventListener("change", () => {
    const done = document.querySelectorAll(".op-check input[type=radio]:checked").length;
    count.textContent = words.replace(/\d+/, String(done));
  });
}

// Datasets of the answer are ticked together, and "3 of 5 ticked" follows the boxes.
const many = document.querySelector("[data-op-tickall]");
if (many) {
  const boxes = [...document.querySelectorAll('input[type="checkbox"][name="datasets"]')];
  const ticked = many.querySelector("[data-op-ticked]");
  const words = ticked.textContent;
  const tell = () => {
    ticked.textContent = words.replace(/\d+/, String(boxes.filter((box) => box.checked).length));
  };
  many.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-op-tick]")?.dataset.opTick;
    if (asked === undefined) return;
    event.preventDefault();
    const named = asked.split(" ");
    for (const box of boxes) box.checked = asked !== "" && (box.checked || named.includes(box.value));
    boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", tell);
  tell();
}

// At the first reading nothing is new yet: after some seconds on the page it counts as read.
const read = document.querySelector("[data-op-first-reading]");
if (read) {
  setTimeout(() => {
    if (document.visibilityState !== "visible") return;
    fetch(read.action, { method: "POST", body: new URLSearchParams(new FormData(read)), redirect: "manual" }).catch(() => {});
  }, 8000);
}
