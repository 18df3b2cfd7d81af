// What Streamlit cannot do: the page's language, citations that open their source, text to the clipboard,
// the keyboard where something opens or closes.
(() => {
  if (window.tillitListens === true) return; // an element named so would be found too
  window.tillitListens = true;
  const SIDEBAR = "[data-testid=stSidebar]";
  let shown = null;
  let menu = null;
  let asked = null;
  let kept = null;
  try { kept = window.sessionStorage; } catch { /* where the browser keeps nothing */ }
  let closed = null;
  let inside = null;
  const follow = () => {
    const page = document.getElementById("tillit-page");
    if (page) document.documentElement.lang = page.dataset.language;
    const passage = document.getElementById("passage");
    if (passage && passage !== shown) {
      passage.scrollIntoView({ block: "center" });
      passage.focus({ preventScroll: true });
    }
    shown = passage;
    const fresh = document.querySelector("h2.asked[data-new]");
    if (fresh && fresh !== asked) fresh.closest(".stChatMessage").scrollIntoView({ block: "start" });
    asked = fresh;
    keep();
    const first = document.querySelector("[data-testid=stPopoverBody] :is(button, [tabindex='0'])");
    if (first && !menu) first.focus(); // else it is reached last of all
    menu = first;
    const opens = document.querySelector("[data-testid=stExpandSidebarButton]");
    if (opens && !closed && inside) opens.focus();
    if (closed && !opens && document.activeElement === document.body) document.querySelector(`${SIDEBAR} button`)?.focus();
    closed = opens;
  };
  const keep = () => { // the questions of this tab, while it is open, so that they can be asked again after a reload
    const questions = [...document.querySelectorAll("h2.asked")].map((each) => each.textContent);
    if (questions.length) kept?.setItem("asked", JSON.stringify(questions.slice(-5)));
    if (document.getElementById("forget")) kept?.removeItem("asked");
    const again = document.getElementById("again");
    const before = again?.hidden && kept?.getItem("asked");
    if (!before) return;
    const query = [["lang", document.documentElement.lang], ...JSON.parse(before).map((each) => ["q", each])];
    again.firstElementChild.href = `?${new URLSearchParams(query)}`;
    again.hidden = false;
  };
  follow();
  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", ({ target }) => {
    inside = target.closest(SIDEBAR);
    if (target.closest(".compared td")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (innerWidth >= 768 || !target.closest(".stMain")) return; // on a phone the sidebar lies above the page
    document.querySelector(`${SIDEBAR}[data-collapsed=false] [data-testid=stSidebarCollapseButton] button`)?.click();
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-press], [data-copy]");
    if (!pressed) return;
    if (pressed.dataset.press) document.querySelector(`.st-key-${pressed.dataset.press} button`)?.click();
    const copied = pressed.dataset.copy && document.getElementById(pressed.dataset.copy);
    if (copied) navigator.clipboard.writeText(copied.innerText).then(() => {
      const before = pressed.textContent;
      pressed.textContent = pressed.dataset.done;
      setTimeout(() => { pressed.textContent = before; }, 2000);
    });
  });
})();
