// Brings into the open conversation what others do in it: new lines at the end, how it stands, what became of what
// was sent. What is being typed stays, and so does an open menu, or what waits for the answer to a deed of one's own:
// that answer shows how it stands, and sends one on to the next. A writer who has typed nothing has seen what came;
// for one who has, the send is stopped once, because nobody reads while they write.
const WAIT_MS = 150;
let asking;

async function bring(thread) {
  const { news, after, step } = thread.dataset;
  const answer = await fetch(`${news}?${new URLSearchParams({ after, step })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || !thread.isConnected) return;
  show(thread, new DOMParser().parseFromString(await answer.text(), "text/html").body);
}

// News that do not begin where the thread ends by now are asked for anew: others were quicker.
function show(thread, page) {
  const { since, after, step } = page.querySelector("news-lines").dataset;
  if (since !== `${thread.dataset.after} ${thread.dataset.step}`) return ask({ detail: { id: thread.dataset.conversation } });
  const lines = [...page.querySelector("news-lines + ol").children].filter((line) => !line.id || !document.getElementById(line.id));
  thread.querySelector("#lines").append(...lines);
  Object.assign(thread.dataset, { after, step });
  put(page.querySelector("#standing"), (old) => !old.querySelector("details[open], .htmx-request"));
  put(page.querySelector("#noted"), (old) => !old.contains(document.activeElement));
  for (const one of [...page.children].filter((each) => each.matches(".delivery"))) put(one, () => true);
  lines.forEach((line) => htmx.process(line));
  see(after);
}

function put(made, may) {
  const old = document.getElementById(made.id);
  if (!old || old.innerHTML === made.innerHTML || !may(old)) return;
  const focused = old.contains(document.activeElement) && document.activeElement.id;
  old.replaceWith(made);
  htmx.process(made);
  if (focused) document.getElementById(focused)?.focus();
}

// The form that was sent came anew, and empty: the focus rests on what was written, which a screen reader then reads,
// and the keys of the inbox are heard again.
function rest(line) {
  if (!line) return;
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
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

// A form below the thread says where the thread ends. The answer is the form anew, and beside it the news since then.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const thread = detail.elt.matches("#composer form") && document.querySelector("thread-end");
  if (thread) Object.assign(detail.parameters, { after: thread.dataset.after, step: thread.dataset.step });
});
// Somebody who went on to another conversation meanwhile keeps the form they have there.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "composer" && !detail.requestConfig.elt.isConnected) detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSwap", () => {
  const news = document.querySelector("template#news");
  const thread = document.querySelector("thread-end");
  news?.remove();
  if (!news || !thread) return;
  show(thread, news.content);
  thread.end();
  if (document.activeElement.matches("body, #composer *")) rest(document.querySelector("#lines > :last-child"));
});
