// What Streamlit cannot do: the page's language, citations that open their source, text to the clipboard.
(() => {
  if (window.tillitListens === true) return; // an element named so would be found too
  window.tillitListens = true;
  let shown = null;
  const follow = () => {
    const page = document.getElementById("tillit-page");
    if (page) document.documentElement.lang = page.dataset.language;
    const passage = document.getElementById("passage");
    if (passage && passage !== shown) {
      passage.scrollIntoView({ block: "center" });
      passage.focus({ preventScroll: true });
    }
    shown = passage;
  };
  follow();
  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
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
