// The room that this page is in: it hears what the teacher does, and a student's page follows; or it is the teacher's
// own page, and tells. A vote is one request.

import { hand_out } from "../screen/elements.js";
import { schedule } from "../screen/player.js";
import { told } from "../screen/hands.js";
import { answer, ask_again, held, look, on_change } from "../session.js";
import { step_of, waits } from "../story/steps.js";
import { change, jump, turn_to } from "../story/walk.js";
import { keep_secret, keep_vote, link_to, post, secret_of, vote_in, voter } from "./client.js";

const SECONDS_BETWEEN = 0.2;
const NOTHING = { version: 0, answered: -1 }; // is known: then the server answers at once
const SECONDS_TO_RECOVER = 1.5;
const SECONDS_TO_WAIT = 6; // where too many codes were tried

/** @type {any} {code, secret, state (as the server tells it), voted, fault, joined}, or null outside a room */
export let room = null;
/** @type {any} the stage that is mounted */
let stage = null;

const seconds = (some) => new Promise((done) => setTimeout(done, 1000 * some));
const path = () => stage.data.rooms;
const paint = () => stage && schedule(stage);
const waiting = () => Boolean(held.story) && waits(held.story, held.step, held.seen);

/** Whether the page stands where the teacher's does. */
export const is_there = () => room.state?.page === held.page && room.state.step === held.step;

/** Whether a vote is taken on the step on screen, which still waits. */
export const votes = () => Boolean(room?.state?.asking) && is_there() && waiting();

/** Whether to go on from here reveals the answer to a class. */
const reveals = () => votes() && Boolean(room.secret);

/** From now on rooms are this stage's: the one that its address names is entered. */
export function enter(mounted) {
  stage = mounted;
  if (!stage.data.rooms) return;
  stage.room = { takes, reveals };
  const { room: code } = held.view;
  if (code && room?.code !== code) listen(code);
  else if (room) settle();
}

function listen(code) {
  room = { code, secret: secret_of(code), state: null, voted: undefined, fault: "", joined: false };
  hear(room);
}

// As long as one is in the room; a server that is restarted is asked until it answers.
async function hear(mine) {
  while (room === mine) {
    const { code, secret, fault } = mine, { version, answered } = fault ? NOTHING : mine.state ?? NOTHING;
    const heard = await post(path(), "hear", { room: code, version, ...(secret ? { secret, answered } : {}) });
    const news = await heard.answer?.json().catch(() => null);
    if (room !== mine) return;
    if (news) receive(mine, news);
    else await recover(mine, heard);
    await seconds(SECONDS_BETWEEN);
  }
}

async function recover(mine, { status, sentence }) {
  if (status === 404 || status === 400) return leave(`${mine.code}: ${sentence}`);
  if (status === 403) mine.secret = null;
  mine.fault = sentence;
  paint();
  await seconds(status === 429 ? SECONDS_TO_WAIT : SECONDS_TO_RECOVER * (0.5 + Math.random()));
}

function receive(mine, state) {
  const news = state.version !== mine.state?.version;
  Object.assign(mine, { state, fault: "", voted: vote_in(mine.code, state.round) });
  if (state.closed && !mine.secret) return leave("Your teacher has closed the room.");
  if (news) settle();
  paint();
}

// A student's page goes where the teacher's is; a teacher's own page, opened again, shows again what was revealed.
function settle() {
  const { state, secret, joined } = room;
  if (!state) return;
  const follows = !joined || (state.follow && !secret);
  if (secret && joined) return tell();
  if (follows && state.page !== held.page && !secret) return go_to(state.page);
  room.joined = true;
  if (follows && !secret && state.page === held.page && state.step !== held.step) jump(stage, state.step);
  if (is_there() && state.round && !state.asking && waiting()) change(stage, () => answer(room.voted ?? null));
  if (is_there() && state.asking && !secret && !waiting()) change(stage, ask_again);
  if (secret) tell();
}

// Through the navigation, so that the session goes along; it may not be there yet when a page has just been opened.
function go_to(page) {
  const path = page === "start" ? "" : page.replaceAll("_", "-");
  if (!turn_to(path)) location.assign(link_to(room.code, path));
}

/** Once more to where the teacher is. */
export function go_there() {
  room.joined = false;
  settle();
}

/** Out of the room; `why` is said as long as the step is on screen. */
export function leave(why = "") {
  room = null;
  look({ room: "" });
  say_outside(why);
  told(stage);
  paint();
}

function say_outside(sentence) {
  const { page, step } = held;
  stage.room_said = { sentence, page, step };
}

// ------------------------------------------------------------------ a student

// A press that is a vote shows no answer yet: the teacher's page decides when.
function takes(guess) {
  if (!votes() || room.secret) return false;
  send(room, guess);
  return true;
}

async function send(mine, guess) {
  const { code, state: { round } } = mine;
  mine.pending = guess;
  paint();
  const { answer, sentence } = await post(path(), "vote", { room: code, round, voter: voter(), answer: guess });
  mine.pending = undefined;
  mine.fault = answer ? "" : `Not counted. ${sentence}`;
  if (answer) keep_vote(code, round, guess);
  mine.voted = vote_in(code, mine.state.round);
  paint();
}

// ------------------------------------------------------------------ the teacher

/** What is voted on: the texts of the choices, or the range of a number. */
function question() {
  const ask = held.story && step_of(held.story, held.step).ask;
  if (!ask) return null;
  return ask.kind === "choice" ? { choices: ask.choices.map(({ text }) => text) } : { range: ask.range };
}

const here = () => ({ page: held.page, step: held.step, question: question() });

/** Open a room at this question. */
export async function open() {
  const { answer, sentence } = await post(path(), "open", here());
  say_outside(sentence);
  if (answer) {
    const { room: code, secret } = await answer.json();
    keep_secret(code, secret);
    look({ room: code });
    told(stage);
    listen(code);
    room.opened = true;
  }
  paint();
}

let telling = false;

// Tell where the teacher's story is, whenever that has changed; what could not be told is told later.
async function tell() {
  if (telling) return;
  telling = true;
  while (held.story && room?.secret && room.joined && !room.state.closed && place() !== room.told) {
    const mine = room, now = place();
    const { code, secret } = mine;
    const { status, sentence } = await post(path(), "turn", { room: code, secret, ...here(), waits: waiting() });
    mine.fault = sentence;
    if (status && status < 429) mine.told = now;
    else await seconds(SECONDS_TO_RECOVER);
  }
  telling = false;
}

const place = () => JSON.stringify([held.page, held.step, waiting()]);
on_change(() => room?.secret && room.joined && tell());

/** Vote once more: before the answer was shown, or after. */
export function vote_again() {
  if (!waiting()) return change(stage, ask_again);
  as_teacher("turn", { ...here(), waits: true, again: true });
}

/** Let the students' pages follow, or not. */
export const let_follow = (follow) => as_teacher("follow", { follow });

/** Nobody votes any more. */
export const close = () => as_teacher("close", {});

async function as_teacher(act, more) {
  const mine = room, { answer, sentence } = await post(path(), act, { room: mine.code, secret: mine.secret, ...more });
  mine.fault = sentence;
  paint();
  return answer;
}

/** The votes of all rounds, as a file. */
export async function save_votes() {
  const { code } = room, answer = await as_teacher("votes", {});
  if (answer) hand_out(await answer.blob(), `votes-${code}.csv`);
}
