"use strict";
// Asks again at every turn of a lever, and puts the answer beside it. Without it the form does the
// same with its button: nothing here knows a lever, a number or a word of the answer.
(() => {
  const form = document.getElementById("levers");
  const at = (id) => document.getElementById(id);
  const [said, state, result, hangs, deeds, file] =
    ["said", "state", "result", "hangs", "deeds", "file"].map(at);
  const PAUSE = 30; // milliseconds without a key before it is asked: a newer key ends what is at work
  const LOOK = 1000; // milliseconds between two looks how far a run has come
  const me = crypto.randomUUID(); // this window, so that its newer question ends its older one
  let turn = 0;
  let timer = 0;
  let asking = new AbortController();
  document.documentElement.classList.add("js");

  const fill = (element, words) => {
    if (element.textContent !== words) element.textContent = words;
  };

  const fetched = async (path, mine, more) => {
    const query = new URLSearchParams(new FormData(form));
    query.delete("file");
    for (const [name, value] of Object.entries({ window: me, turn: mine, ...more })) {
      query.set(name, value);
    }
    try {
      const answer = await fetch(`${path}?${query}`, { signal: asking.signal });
      if (mine !== turn || answer.status === 409) return null;
      const json = answer.headers.get("content-type").startsWith("application/json");
      const told = json ? await answer.json() : { problem: await answer.text() };
      if (mine !== turn) return null;
      if (answer.ok) return told;
      fill(state, `No newer answer: ${told.problem}`);
    } catch (error) {
      if (error.name !== "AbortError" && mine === turn) {
        fill(state, "The programme behind this page does not answer: start rsip page again.");
      }
    }
    return null;
  };

  const faulty = (element, box, words) => {
    fill(element, words && `Cannot be used: ${words}`);
    element.hidden = !words;
    if (words) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };

  const mark = (told) => {
    for (const [id, lever] of Object.entries(told.levers)) {
      const row = at(`lever-${id}`);
      row.toggleAttribute("data-differs", lever.differs);
      row.toggleAttribute("data-fault", Boolean(lever.fault));
      row.querySelector(".differs").hidden = !lever.differs;
      fill(row.querySelector(".was .value"), lever.was);
      if (!at(id)) continue;
      at(`${id}-why`).closest(".why").hidden = !lever.explained;
      faulty(at(`${id}-fault`), at(id), lever.fault);
    }
    faulty(at("title-fault"), at("title"), told.title);
    at("faults").hidden = !told.general.length;
    at("faults").querySelector("ul").replaceChildren(...told.general.map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }));
    if (!file.dataset.own && told.file) file.value = told.file;
    at("swap").href = `/?${told.swap}`;
    history.replaceState(null, "", `/?${told.address}${location.hash}`);
  };

  // what is open stays open, and whoever was inside is not thrown back to the top of the page
  const replace = (element, html) => {
    const open = [...element.querySelectorAll("details[open] > div")].map((each) => each.id);
    const inside = element.contains(document.activeElement);
    element.innerHTML = html;
    for (const id of open) {
      const again = at(id);
      if (again) again.closest("details").open = true;
    }
    if (inside) at("answer").focus({ preventScroll: true });
  };

  const none = (told) => {
    if (told.same) return "The two policies are the same: turn a lever.";
    const wrong = Object.entries(told.levers).find(([, lever]) => lever.fault);
    const label = wrong && at(wrong[0]).closest(".lever").querySelector(".name, legend, .tick label");
    const what = wrong ? `${label.textContent.trim()}: ${wrong[1].fault}` : told.general[0] || told.title;
    const count = told.faults > 1 ? `${told.faults} values cannot be used; first ` : "Cannot be used: ";
    return `${count}${what}`;
  };

  const ask = async () => {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    const mine = ++turn;
    at("answer").setAttribute("aria-busy", "true");
    fill(state, `${form.dataset.first} futures are being simulated…`);
    for (let futures = "first"; futures; ) {
      const told = await fetched("/answer", mine, { futures });
      if (!told) return;
      mark(told);
      if (told.html === undefined) {
        fill(said, none(told));
        fill(state, result.childElementCount ? "Below is the answer before." : "");
        hangs.hidden = true;
        break;
      }
      fill(said, `${told.said}.`);
      replace(result, told.html);
      hangs.hidden = true;
      const count = told.futures.toLocaleString("en-GB");
      const next = `refining to ${form.dataset.refined}…`;
      fill(state, `From ${count} simulated futures${told.next ? `; ${next}` : "."}`);
      futures = told.next;
      at("answer").removeAttribute("aria-busy");
      if (!futures) await hang(mine);
    }
    if (mine === turn) at("answer").removeAttribute("aria-busy");
  };

  const hang = async (mine) => {
    fill(state, `${state.textContent} What it hangs on is being worked out…`);
    const told = await fetched("/hangs", mine, {});
    if (!told) return;
    fill(state, state.textContent.replace(/ What it hangs on.*/, ""));
    replace(result, told.html);
    replace(hangs.querySelector("div"), told.hangs);
    hangs.hidden = !told.hangs;
  };

  const slider = (id) => form.querySelector(`input[data-for="${id}"]`);
  for (const each of form.querySelectorAll("input[type=range]")) each.hidden = false;

  form.addEventListener("input", (event) => {
    const from = event.target;
    if (from === file) file.dataset.own = "yes";
    if (from === file || from.id === "title" || from.name.startsWith("why.")) return;
    const box = from.dataset.for ? at(from.dataset.for) : from;
    if (from.dataset.for) box.value = from.value;
    else if (slider(box.id) && box.value.trim()) slider(box.id).value = box.value;
    const held = at(`${box.id}-number`);
    if (held && from.type !== "radio") held.checked = true;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  // reasons and the title change no number: they are read when they are finished
  form.addEventListener("change", (event) => {
    if (event.target.id === "title" || event.target.name.startsWith("why.")) ask();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.formMethod === "post") return;
    event.preventDefault();
    ask();
  });

  const look = async () => {
    const answer = await fetch("/done").catch(() => null);
    if (!answer || !answer.ok) return;
    const told = await answer.json();
    deeds.innerHTML = told.html;
    if (told.running) setTimeout(look, LOOK);
    else fill(at("told"), Array.from(deeds.querySelector("li").children).slice(0, 2)
      .map((each) => each.textContent).join(": "));
  };
  if (deeds.dataset.running) setTimeout(look, LOOK);
  if (form.elements.namedItem("show") || form.querySelector(".lever")) ask();
})();
