// What scripts add to pages that work without them: components' behavior, drafts kept while typing, copying, narrowing long
// lists, "/" for search. No page needs this file.

import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const live = document.querySelector("[data-op-live]");

/** Say a sentence to those who listen rather than look. */
function say(sentence) {
  const line = document.createElement("p");
  line.className = "op-sr";
  line.textContent = sentence;
  live?.append(line);
}

/** Keep a draft five seconds after the last key, and when the cursor leaves the form. */
function keepDrafts(form) {
  let note = document.querySelector("[data-op-saved-note]");
  if (!note) {
    note = document.createElement("p");
    note.className = "op-saved";
    form.append(note);
  }
  let kept = new URLSearchParams(new FormData(form)).toString();
  let timer;

  async function keep() {
    clearTimeout(timer);
    const answers = new URLSearchParams(new FormData(form));
    if (answers.toString() === kept) return;
    try {
      const answer = await fetch(form.dataset.opAutosave, { method: "POST", body: answers, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      kept = answers.toString();
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      note.textContent = `${form.dataset.opSaved} ${time}`;
      note.classList.remove("op-saved--not");
    } catch {
      if (!note.classList.contains("op-saved--not")) say(form.dataset.opUnsaved);
      note.textContent = form.dataset.opUnsaved;
      note.classList.add("op-saved--not");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 5000);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) keep();
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

/** A Copy button behind a code. */
function offerCopy(box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary op-btn--sm";
  button.textContent = box.dataset.opCopy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("code").textContent);
    button.textContent = box.dataset.opCopied;
    say(box.dataset.opCopied);
    setTimeout(() => (button.textContent = box.dataset.opCopy), 2000);
  });
  box.append(button);
}

/** A box above a long list of choices: what is typed hides the rest; what is ticked always stays. */
function offerNarrowing(list) {
  const box = document.createElement("input");
  box.type = "search";
  box.className = "govuk-input op-narrow";
  box.placeholder = list.dataset.opNarrow;
  box.setAttribute("aria-label", list.dataset.opNarrow);
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  box.addEventListener("input", () => {
    const wanted = fold(box.value.trim());
    for (const item of list.querySelectorAll(".govuk-checkboxes__item")) {
      item.hidden = !fold(item.textContent).includes(wanted) && !item.querySelector("input").checked;
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.before(box);
}

document.querySelectorAll("[data-op-autosave]").forEach(keepDrafts);
if (navigator.clipboard) document.querySelectorAll("[data-op-copy]").forEach(offerCopy);
document.querySelectorAll("[data-op-narrow]").forEach(offerNarrowing);
document.querySelectorAll("[data-op-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-op-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  if (event.key === "Escape") {
    for (const open of document.querySelectorAll(".op-who[open], .op-menu[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
});

// A menu closes when one clicks beside it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".op-who[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
