// The story beside the picture: a step's title and text, its question, and after the press the verdict and the reason.

import { brief, format, parse } from "../numbers.js";
import { held } from "../session.js";
import { make, prose, span } from "../screen/elements.js";
import { complain } from "../screen/hands.js";
import { schedule } from "../screen/player.js";
import { truth_of } from "./guess.js";
import { GOALS } from "./goals.js";
import { filled } from "./markup.js";
import { REMARKS } from "./remarks.js";
import { scene_of, shuffled, step_of, waits } from "./steps.js";
import { say } from "./walk.js";

const NEAR = 0.05; // a number typed within this share of the truth is as good as it

/** What the story says now; made anew whenever that changes. */
export function story_painter(stage, { title, story, why }) {
  let told = "";
  return ({ example }, result) => {
    const answer = held.seen[held.step], moving = stage.element.dataset.moving === "true";
    const remark = stage.complaint ||
      (held.own || !held.story ? REMARKS[stage.data.remark]?.(example, result) ?? "" : "");
    const key = JSON.stringify([
      stage.data.page,
      held.step,
      answer === undefined ? "open" : answer,
      held.own,
      held.view.hide,
      moving,
      remark,
      stage.wide,
    ]);
    if (key === told) return;
    told = key;
    tell(stage, { title, story, why }, moving, remark);
  };
}

function tell(stage, { title, story, why }, moving, remark) {
  const { story: all, step, seen } = held, told = step_of(all, step), waiting = waits(all, step, seen);
  const { dataset } = stage.element;
  Object.assign(dataset, { step, steps: all.steps.length, waiting });
  title.replaceChildren(...headline(all, step, waiting, stage.wide));
  const shows = scene_of(all, step, { ...seen, [step]: null });
  const said = verdict(told, seen[step]), open = !held.view.hide && !moving;
  const parts = [
    make("h2", {}, told.title),
    make("p", { className: "text" }, ...prose(filled(told.text, shows, scene_before(told)))),
  ];
  if (told.ask) parts.push(question(stage, told, waiting));
  if (told.goal) parts.push(task(told, seen[step]));
  const aside = remark ? [make("p", { className: stage.complaint ? "fault" : "remark", role: "status" }, remark)] : [];
  const shown = stage.complaint || !said ? aside : said;
  why.replaceChildren(...(open ? shown : []));
  story.replaceChildren(
    ...parts,
    make(
      "div",
      { className: "why", dataset: { part: "answer" } },
      ...(open ? shown.map((one) => one.cloneNode(true)) : []),
    ),
  );
  story.classList.toggle("answered", Boolean(said) && open);
}

const scene_before = ({ begins, begins_batch }) => ({ example: begins, batch: begins_batch });

// The second half of a title may be what a question is about: until then the first half stands with a question.
function headline({ title, short, held_back, short_held_back, teaser, until }, step, waiting, wide) {
  const open = step > until || (step === until && !waiting);
  if (!wide) return [open && short_held_back ? short_held_back : short];
  if (!held_back) return [title];
  return open ? [`${title} ${held_back}`] : [`${title}. `, span("quiet", teaser)];
}

function question(stage, told, waiting) {
  const { ask } = told, box = make("div", { className: "ask" }, make("p", {}, ...prose(ask.question)));
  if (ask.kind === "choice") box.append(choices(stage, told, waiting));
  else if (waiting) box.append(number(stage, told));
  return box;
}

function choices(stage, { ask }, waiting) {
  const guess = held.seen[held.step];
  const buttons = shuffled(ask.choices, held.step).map((k) => {
    const button = make("button", {
      type: "button",
      disabled: !waiting,
      dataset: { choice: k },
      onclick: () => say(stage, k),
    }, ...prose(ask.choices[k].text));
    if (!waiting && !held.view.hide) {
      button.classList.toggle("guess", guess === k);
      button.classList.toggle("truth", k === 0);
      if (k === 0) button.append(make("span", { className: "spoken" }, ", right"));
    }
    return button;
  });
  return make("div", { className: "choices" }, ...buttons);
}

// A number is typed, or dragged on the picture; both are the same draft.
function number(stage, { ask }) {
  const input = make("input", {
    type: "text",
    className: "box",
    inputMode: "decimal",
    value: brief(stage.draft ?? ask.start),
    aria: { label: "Your guess" },
  });
  const typed = () => parse(input.value, -1e9, 1e9);
  input.oninput = () => {
    stage.draft = typed() ?? stage.draft;
    schedule(stage);
  };
  const see = make(
    "button",
    { type: "button", className: "strong", dataset: { act: "see" } },
    "Show me",
  );
  see.onclick = () => {
    const number = typed();
    if (number === null) complain(stage, `“${input.value.slice(0, 20)}” was not taken. Expected a number.`);
    else say(stage, number);
  };
  input.onkeydown = (event) => {
    if (event.key === "Enter") see.click();
  };
  stage.follow_draft = () => {
    if (input !== stage.root.activeElement) input.value = brief(stage.draft ?? ask.start);
  };
  return make("div", { className: "choices" }, input, see);
}

const task = (told, answer) =>
  make(
    "div",
    { className: "ask", dataset: { part: "task", done: String(answer === "done") } },
    make("p", {}, ...prose(told.todo)),
  );

/** After the press: what one said, what it is, and why; null while it is open. */
function verdict(told, answer) {
  if (answer === undefined) return null;
  if (told.goal) {
    return answer === "done"
      ? [make("p", { className: "verdict" }, "Done, by hand."), make("p", {}, ...prose(told.why))]
      : null;
  }
  if (!told.ask) return null;
  const { ask } = told, chosen = ask.kind === "choice" ? ask.choices[answer ?? 0] : null;
  const why = filled(chosen ? chosen.why : ask.why, { example: told.shows, batch: told.batch }, scene_before(told));
  return [
    make("p", { className: "verdict" }, ...(chosen ? of_choice(ask, answer) : of_number(told, answer))),
    make("p", {}, ...prose(why)),
  ];
}

function of_choice({ choices }, answer) {
  const truth = make("b", {}, ...prose(choices[0].text));
  if (answer === null) return ["The answer: ", truth, "."];
  if (answer === 0) return [truth, ", as you said."];
  return [span("quiet", "You said: ", ...prose(choices[answer].text), "."), " The answer: ", truth, "."];
}

function of_number(told, answer) {
  const truth = truth_of(told), exact = make("b", {}, format(truth));
  if (answer === null) return ["It is ", exact, "."];
  if (Math.abs(answer - truth) <= NEAR * Math.abs(truth)) return ["It is ", exact, ", as you said."];
  return [
    span("quiet", `You said ${brief(answer)}.`),
    " It is ",
    exact,
    span("quiet", `, ${brief(Math.abs(answer - truth), 2)} apart.`),
  ];
}

/** Whether the task of the step on the stage has just been done by a hand. */
export function is_solved(scene, result) {
  const told = held.story && step_of(held.story, held.step);
  if (!told?.goal || !held.touched || held.step in held.seen) return false;
  const { example, descent, batch } = scene;
  return GOALS[told.goal](example, told.shows, result, descent, batch, told.batch, told.training);
}
