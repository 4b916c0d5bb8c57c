// What a script adds to the inbox: keys between its rows. The page works without it. Single keys can be turned off, and the
// choice stays in this browser (WCAG 2.1.4).

const STORE = "onepact-review-keys";
const rows = [...document.querySelectorAll(".op-task")];
const list = document.querySelector("[data-op-keys]");
const choice = document.querySelector("[data-op-keys-on]");

function areOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function at() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function go(to) {
  const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
  row?.querySelector("a")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => go(at() + 1),
  k: () => go(at() - 1),
  e: () => rows[Math.max(at(), 0)]?.querySelector(".op-task__act a, .op-task__act button")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !areOn() || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

if (list) list.hidden = false;
if (choice) {
  choice.checked = areOn();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, choice.checked ? "on" : "off");
    } catch {
      choice.checked = true;
    }
  });
}
