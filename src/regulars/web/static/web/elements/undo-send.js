// After a reply: a toast with a button that takes it back, while the seconds last.
document.addEventListener("reply-sent", ({ detail }) => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const toast = make("div", { className: "toast undo-send" });
  const left = make("span", { className: "left" });
  const undo = make("button", { type: "button", className: "button small", textContent: detail.button, id: "undo-send" });
  const close = make("button", { type: "button", textContent: "×" });
  toast.setAttribute("role", "status");
  left.setAttribute("aria-hidden", "true");
  close.setAttribute("aria-label", words.close);
  toast.append(make("p", { textContent: detail.text }), left, undo, close);
  const ends = performance.now() + detail.seconds * 1000;
  const timer = setInterval(show, 250);
  function show() {
    const seconds = Math.ceil((ends - performance.now()) / 1000);
    left.textContent = `${Math.max(0, seconds)} s`;
    if (seconds <= 0 || !toast.isConnected) away();
  }
  function away() {
    clearInterval(timer);
    toast.remove();
  }
  close.addEventListener("click", away);
  undo.addEventListener("click", () => {
    away();
    htmx.ajax("POST", detail.undo, { target: "#conversation", source: "#conversation" });
  });
  document.querySelector("toast-list").append(toast);
  show();
  if (detail.next) document.querySelector(".inbox-row:has(.row-link[aria-current]) + .inbox-row .row-link")?.click();
});
