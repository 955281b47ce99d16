// Brings into the open conversation what others do in it: new lines at the end, how it stands, what became of what
// was sent. What is being typed stays, and so does an open menu. A writer who has typed nothing has seen what came;
// for one who has, the send is stopped once, because nobody reads while they write.
const WAIT_MS = 150;
let asking;

async function bring(thread) {
  const { news, after, step } = thread.dataset;
  const answer = await fetch(`${news}?${new URLSearchParams({ after, step })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || !thread.isConnected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { dataset } = page.querySelector("news-lines");
  const lines = [...page.querySelector("body > ol").children].filter((line) => !line.id || !document.getElementById(line.id));
  thread.querySelector("#lines").append(...lines);
  Object.assign(thread.dataset, { after: dataset.after, step: dataset.step });
  put(page.querySelector("#standing"), (old) => !old.querySelector("details[open]"));
  put(page.querySelector("#noted"), (old) => !old.contains(document.activeElement));
  for (const one of page.querySelectorAll("body > .delivery")) put(one, () => true);
  lines.forEach((line) => htmx.process(line));
  see(dataset.after);
}

function put(made, may) {
  const old = document.getElementById(made.id);
  if (!old || old.innerHTML === made.innerHTML || !may(old)) return;
  const focused = old.contains(document.activeElement) && document.activeElement.id;
  old.replaceWith(made);
  htmx.process(made);
  if (focused) document.getElementById(focused)?.focus();
}

function see(newest) {
  const text = document.getElementById("text-message");
  const seen = document.querySelector(".unseen-place > input[name=seen]");
  if (text && seen && !text.value.trim() && !document.hidden) seen.value = newest;
}

function ask({ detail }) {
  const thread = document.querySelector(`thread-end[data-conversation="${detail.id}"]`);
  clearTimeout(asking);
  if (thread) asking = setTimeout(() => bring(thread), WAIT_MS);
}

// Told by the server, or by a form of this page.
document.addEventListener("live-conversation", ask);
document.addEventListener("conversation-changed", ask);
