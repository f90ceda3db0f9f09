// A tooltip of the page's own in place of the browser's, which comes late and never on focus.
for (const figure of document.querySelectorAll("[data-map]")) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // links are labelled with the same words
  const title = document.createElement("strong");
  const line = document.createElement("span");
  tip.append(title, line);
  figure.append(tip);

  const show = (dot) => {
    title.textContent = dot.dataset.title;
    line.textContent = dot.dataset.line;
    tip.hidden = false;
    const frame = figure.getBoundingClientRect();
    const box = dot.getBoundingClientRect();
    const middle = box.left + box.width / 2 - frame.left;
    const left = Math.min(Math.max(middle - tip.offsetWidth / 2, 4), frame.width - tip.offsetWidth - 4);
    const above = box.top - frame.top - tip.offsetHeight - 6;
    tip.style.left = `${Math.max(left, 4)}px`;
    tip.style.top = `${above > 0 ? above : box.bottom - frame.top + 6}px`;
  };
  const hide = () => {
    tip.hidden = true;
  };

  for (const dot of figure.querySelectorAll("[data-title]")) {
    dot.querySelector("title")?.remove();
    dot.addEventListener("pointerenter", () => show(dot));
    dot.addEventListener("focus", () => show(dot));
    dot.addEventListener("pointerleave", hide);
    dot.addEventListener("blur", hide);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
