// What a room shows, under the question: to the teacher how many have answered, and how once it is revealed; to a
// student whether the vote was counted, and the way out.

import { brief } from "../numbers.js";
import { draw, make, put, span, tool } from "../screen/elements.js";
import { held } from "../session.js";
import { truth_of } from "../story/guess.js";
import { shuffled, step_of, waits } from "../story/steps.js";
import { link_to } from "./client.js";
import { histogram } from "./histogram.js";
import { qr } from "./qr.js";
import * as rooms from "./room.js";

/** Paints the panel into the story, which may have been written anew. */
export function room_painter(stage, story) {
  const words = make("div", { className: "room" }), card = make("div", CARD);
  const panel = make("div", { dataset: { part: "room" } }, words, card);
  let shown = "", figure = null;
  return () => {
    const { room } = rooms;
    if (!stage.data.rooms) return;
    if (story.lastChild !== panel) story.append(panel);
    if (stage.element.dataset.moving === "true") return; // the class's answers stand when the step has played
    const key = JSON.stringify([held.page, held.step, asks(), held.view.present, stage.room_said, stage.wide, told()]);
    if (key !== shown) {
      shown = key;
      const focus = stage.root.activeElement?.dataset.act;
      words.replaceChildren(...(room ? (room.secret ? teacher(card) : student()) : outside(stage)));
      if (focus) panel.querySelector(`[data-act="${focus}"]`)?.focus();
      figure?.remove();
      figure = room?.secret ? of_class() : null;
      stage.element.dataset.room = room ? (room.secret ? "teacher" : "student") : "";
      words.classList.toggle("student", Boolean(room && !room.secret));
      stage.element.dataset.votes = String(rooms.votes());
    }
    if (room?.opened) show_card(card);
    if (figure && !figure.isConnected) story.querySelector(".ask > p").after(figure);
    const count = panel.querySelector(".room-count b");
    if (count && room?.state) put(count, String(room.state.answered));
    mark_vote(story);
  };
}

const asks = () => Boolean(held.story) && waits(held.story, held.step, held.seen);
const ask_here = () => held.story && step_of(held.story, held.step).ask;

// All that the panel tells, but for how many have answered.
function told() {
  const { room } = rooms;
  if (!room) return null;
  const { answered, ...state } = room.state ?? {};
  return [room.code, Boolean(room.secret), room.fault, room.voted, room.pending, state, rooms.votes(), answered > 0];
}

function outside(stage) {
  const parts = [];
  const { sentence, page, step } = stage.room_said ?? {};
  if (sentence && page === held.page && step === held.step) {
    parts.push(make("p", { className: "room-said", role: "status" }, sentence));
  }
  if (held.view.present && asks()) {
    const text = "Let the class vote", onclick = rooms.open;
    parts.push(make("button", { type: "button", className: "go", dataset: { act: "open-room" }, onclick }, text));
  }
  return parts;
}

// ------------------------------------------------------------------ the teacher's

function teacher(card) {
  const { code, state, fault } = rooms.room, parts = [badge(code, card)];
  if (fault) parts.push(make("p", { className: "room-said", role: "status" }, fault));
  if (state?.closed) {
    return [
      ...parts.slice(1),
      make("p", {}, "The room is closed."),
      make("div", { className: "room-tools" }, save(), tool("leave-room", "Done", () => rooms.leave())),
    ];
  }
  if (rooms.votes()) parts.push(make("p", { className: "room-count", role: "status" }, make("b", {}), " answered"));
  return [...parts, make("div", { className: "room-tools" }, ...controls(state))];
}

const save = () => tool("save-votes", "Save votes", rooms.save_votes);

function controls(state) {
  if (!state) return [];
  const again = ask_here() && rooms.is_there() && (!rooms.votes() || state.answered > 0);
  const { follow } = state, pages = follow ? "Pages follow ✓" : "Pages follow";
  return [
    ...(again ? [tool("vote-again", "Vote again", rooms.vote_again)] : []),
    tool("follow", pages, () => rooms.let_follow(!follow), { ariaPressed: String(follow) }),
    save(),
    tool("close-room", "Close room", rooms.close),
  ];
}

// In the title's line, to be read from the back of the class; a press shows it over the whole screen.
function badge(code, card) {
  const before = shown_link(code);
  return make(
    "button",
    {
      type: "button",
      className: "room-code",
      title: "Show it large",
      dataset: { act: "show-code" },
      onclick: () => show_card(card),
    },
    span("quiet", before),
    make("b", {}, code),
  );
}

// As it is typed: what stands before the code, without http://.
const shown_link = (code) => link_to(code).replace(/^\w+:\/\//, "").replace(code, "");

// For a phone's camera: dark on white in either theme, with the margin that it needs.
function picture_of(link) {
  const rows = qr(link);
  if (!rows) return "";
  const dark = rows.flatMap((row, y) => row.flatMap((is_dark, x) => is_dark ? [`M${x} ${y}h1v1h-1z`] : []));
  const svg = draw("svg", { class: "room-qr", viewBox: `-4 -4 ${rows.length + 8} ${rows.length + 8}` });
  svg.append(draw("path", { d: dark.join("") }));
  return svg;
}

const CARD = { className: "room-card", popover: "auto", role: "dialog", aria: { label: "How to vote" } };

function show_card(card) {
  const { code } = rooms.room;
  rooms.room.opened = false;
  card.replaceChildren(
    picture_of(link_to(code)),
    make("p", {}, "Open this on your phone, no name needed"),
    make("p", { className: "room-link" }, shown_link(code)),
    make("p", { className: "room-letters" }, code),
  );
  card.showPopover();
}

function of_class() {
  const { state } = rooms.room, ask = ask_here();
  if (!ask || !state?.votes?.length || !rooms.is_there() || asks()) return null;
  const order = ask.choices && shuffled(ask.choices, held.step);
  const truth = ask.choices ? null : truth_of(step_of(held.story, held.step));
  return histogram(state.votes, { order, range: ask.range, truth });
}

// ------------------------------------------------------------------ a student's

function student() {
  const { code, state, fault } = rooms.room;
  const leave = tool("leave-room", "Leave", () => rooms.leave(), { title: `Leave room ${code}` });
  const said = fault || (state ? words() : "Entering the room …");
  const away = state && !rooms.is_there() ? [tool("go-there", "Go there", rooms.go_there)] : [];
  return [
    make("p", { className: "room-said", role: "status" }, said),
    make("div", { className: "room-tools" }, ...away, leave),
  ];
}

function words() {
  const { state, voted, pending } = rooms.room;
  if (!rooms.is_there()) return "The teacher is elsewhere.";
  if (pending !== undefined) return "Sending your vote …";
  if (!rooms.votes()) return state.asking ? "You have seen the answer already." : `In room ${rooms.room.code}.`;
  if (voted === undefined) return "Your answer is a vote, without a name.";
  return `${ask_here().choices ? "Counted" : `${brief(voted)} is counted`}. You may change it.`;
}

// A student's own vote stays marked while the answer is open.
function mark_vote(story) {
  const voting = rooms.votes() && !rooms.room.secret, vote = rooms.room?.pending ?? rooms.room?.voted;
  for (const button of story.querySelectorAll("[data-choice]")) {
    button.classList.toggle("voted", voting && Number(button.dataset.choice) === vote);
  }
  const see = story.querySelector("[data-act=see]");
  if (see) put(see, voting ? "Vote" : "Show me");
}
