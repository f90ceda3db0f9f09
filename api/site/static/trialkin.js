// Smooths what works without it: a box that grows, "/" to search, lists that grow and reorder in place.
"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const say = (text) => { const status = one("#status"); if (status) status.textContent = text; };
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // The search box: as tall as its text, Enter searches, Shift+Enter is a new line.
  const box = one("textarea[data-grows]");
  if (box) {
    const grow = () => {
      box.rows = 1;
      const line = parseFloat(getComputedStyle(box).lineHeight) || 24;
      box.rows = Math.max(1, Math.min(12, Math.round((box.scrollHeight - 16) / line)));
    };
    box.addEventListener("input", grow);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        box.form.requestSubmit();
      }
    });
    grow();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=range]), textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = one("[data-focus-key]");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });

  const narrow = window.matchMedia("(max-width: 56rem)");
  const fold = () => document.querySelectorAll("details[data-fold]").forEach((part) => { part.open = !narrow.matches; });
  fold();
  narrow.addEventListener("change", fold);

  async function fetched(url, options) {
    const response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
    if (!response.ok) throw new Error(String(response.status));
    return parse(await response.text());
  }

  // "Load more": the new hits are appended; the address becomes that of the longer list.
  document.addEventListener("click", async (event) => {
    const more = event.target.closest("[data-more]");
    if (!more || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (more.getAttribute("aria-busy")) return;
    more.setAttribute("aria-busy", "true");
    const posted = more.tagName === "BUTTON";
    try {
      const body = posted ? new URLSearchParams({ q: more.form.elements.q.value }) : undefined;
      const fragment = await fetched(more.dataset.more, posted ? { method: "POST", body } : {});
      const hits = [...fragment.getElementById(more.dataset.into).children];
      const list = document.getElementById(more.dataset.into);
      if (!posted) history.replaceState(null, "", more.getAttribute("href").split("#")[0]);
      list.append(...hits);
      one("#more-nav").replaceWith(fragment.getElementById("more-nav"));
      say(`${hits.length} more trials`);
      hits[0]?.querySelector("a")?.focus({ preventScroll: true });
    } catch {
      if (posted) { more.removeAttribute("data-more"); more.click(); } else { location.assign(more.href); }
    }
  });

  // What should count: both lists anew after a slider or a preset, the latest asked wins.
  let asked = 0;
  async function reorder(url, fallback) {
    const turn = ++asked;
    const lists = ["kin-beside", "kin-below"];
    lists.forEach((id) => document.getElementById(id)?.setAttribute("aria-busy", "true"));
    try {
      const fragment = await fetched(url);
      if (turn !== asked) return;
      const focused = document.activeElement?.id;
      const chosen = document.activeElement?.dataset?.preset;
      ["weigh", ...lists].forEach((id) => document.getElementById(id)?.replaceWith(fragment.getElementById(id)));
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      else if (chosen) one('#presets [aria-current="true"]')?.focus({ preventScroll: true });
      history.replaceState(null, "", fragment.getElementById("kin-address").dataset.url);
      ready();
      say("The lists are in their new order");
    } catch {
      if (turn === asked) location.assign(fallback);
    }
  }
  let waiting;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.id !== "sliders") return;
    event.target.parentElement.querySelector("output").textContent = event.target.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = new URLSearchParams(new FormData(form));
      reorder(`${form.dataset.fragment}?${query}`, `${form.getAttribute("action")}?${query}`);
    }, 200);
  });
  document.addEventListener("click", (event) => {
    const preset = event.target.closest("[data-preset]");
    if (!preset || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    clearTimeout(waiting);
    reorder(preset.dataset.preset, preset.href);
  });

  const ready = () => document.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
  ready();
})();
